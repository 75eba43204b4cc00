namespace Assimilator;

/// <summary>A file that users need beside the binary: it is embedded, and <c>assimilator print NAME</c> prints it.</summary>
/// <param name="Name">As the user says it, and as the resource is called.</param>
/// <param name="Meaning">What it is, for the help.</param>
internal sealed record EmbeddedFile(string Name, string Meaning)
{
    public static readonly IReadOnlyList<EmbeddedFile> All =
    [
        new("config", "a commented example configuration"),
        new("alerts", "alert rules for Prometheus"),
        new("dashboard", "a dashboard for Grafana"),
    ];

    public string Text()
    {
        using var stream = typeof(EmbeddedFile).Assembly.GetManifestResourceStream(Name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
