using Assimilator.Configuration;

namespace Assimilator.Reporting;

/// <summary>Who has the report.</summary>
/// <param name="Pushed">The Pushgateway; null if none is configured.</param>
/// <param name="TextfileWritten">The textfile; null if none is configured.</param>
internal sealed record Delivery(bool? Pushed, bool? TextfileWritten)
{
    public static Delivery Of(BackupConfiguration configuration, bool isPushed, bool isWritten) => new(
        configuration.Pushgateway is null ? null : isPushed, configuration.Textfile is null ? null : isWritten);
}
