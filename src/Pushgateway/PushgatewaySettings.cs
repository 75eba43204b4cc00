namespace Assimilator.Pushgateway;

/// <summary>The gateway, and what it takes to be heard there.</summary>
/// <param name="Url">Base URL, without user info and without a slash at the end.</param>
/// <param name="Authorization">The value of the Authorization header, if one is to be sent.</param>
internal sealed record PushgatewaySettings(
    Uri Url, string? Authorization, string? CaFile, ClientCertificate? ClientCertificate, TimeSpan Timeout,
    int Retries);
