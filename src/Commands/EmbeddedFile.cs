using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Assimilator.Commands;

/// <summary>A file that users need beside the binary: it is embedded, and <c>assimilator print NAME</c> prints
/// it.</summary>
/// <param name="Name">As the user says it. The units <c>service</c> and <c>timer</c> are for all backups of a host,
/// those with <c>@</c> for a single one.</param>
internal sealed record EmbeddedFile(string Name)
{
    private const string CommandsPage = "assimilator.1", ConfigurationPage = "assimilator.ini.5";

    private static readonly string[] Shells = ["bash", "zsh", "fish"];
    private static readonly string[] Units = ["service", "timer", "service@", "timer@"];

    public static readonly IReadOnlyList<EmbeddedFile> All =
    [
        new("config"), new("alerts"), new("dashboard"), new("snapshot"), new("cronjob"), new("cron"), new("systemd"),
        .. Units.Select(unit => new EmbeddedFile(unit)), new(CommandsPage), new(ConfigurationPage),
        .. Shells.Select(shell => new EmbeddedFile($"completion-{shell}")),
    ];

    /// <summary>The file; for <c>systemd</c> all units, each under its path.</summary>
    public string Text() => Name switch
    {
        "systemd" => string.Join('\n', Units.Select(unit =>
            $"# /etc/systemd/system/assimilator{(unit.EndsWith('@') ? "@" : "")}.{unit.TrimEnd('@')}\n"
            + new EmbeddedFile(unit).Text())),
        "service@" => ForOne(Read("service"))
            .Replace("bin/assimilator\n", "bin/assimilator run %i\n", StringComparison.Ordinal),
        "timer@" => ForOne(Read("timer")),
        "cron" => CronLine(Dns.GetHostName()),
        CommandsPage => Manual.OfCommands,
        ConfigurationPage => Manual.OfConfiguration,
        _ => Read(Name),
    };

    /// <summary>A line for cron. Its minute follows from the name of the host, so that a fleet does not start at
    /// once.</summary>
    public static string CronLine(string host)
    {
        var minute = SHA256.HashData(Encoding.UTF8.GetBytes(host))[0] % 60;
        return $"# /etc/cron.d/assimilator\n{minute} 2 * * * root /usr/local/bin/assimilator --quiet\n";
    }

    private static string ForOne(string unit) => unit
        .Replace("Description=Backup", "Description=Backup %i", StringComparison.Ordinal)
        .Replace("systemctl edit assimilator)", "systemctl edit assimilator@NAME)", StringComparison.Ordinal);

    /// <param name="name">Of a resource.</param>
    public static string Read(string name)
    {
        using var stream = typeof(EmbeddedFile).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
