namespace Assimilator.Commands;

/// <summary>A file that users need beside the binary: it is embedded, and <c>assimilator print NAME</c> prints
/// it.</summary>
/// <param name="Name">As the user says it, and as the resource is called.</param>
internal sealed record EmbeddedFile(string Name)
{
    public static readonly IReadOnlyList<EmbeddedFile> All =
    [
        new("config"), new("alerts"), new("dashboard"), new("service"), new("timer"), new("systemd"),
    ];

    /// <summary>The file; for <c>systemd</c> both units, each under its path.</summary>
    public string Text() => Name == "systemd"
        ? $"# /etc/systemd/system/assimilator.service\n{Read("service")}\n"
            + $"# /etc/systemd/system/assimilator.timer\n{Read("timer")}"
        : Read(Name);

    private static string Read(string name)
    {
        using var stream = typeof(EmbeddedFile).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
