using Assimilator.Terminal;

namespace Assimilator.Configuration;

/// <summary>One of the configurations that a command works with.</summary>
/// <param name="File">As the user named it.</param>
internal sealed record LoadedConfiguration(string File, ConfigurationResult Result)
{
    public BackupConfiguration Configuration => Result.Configuration;

    /// <summary>Of the backup; of the file, if it cannot be read.</summary>
    public string Name => Configuration.Backup.Name;
}

/// <summary>Reads all configurations, and finds what is wrong with them together.</summary>
internal static class LoadedConfigurations
{
    public const string DefaultFile = "/etc/assimilator.ini";
    public const string DefaultDirectory = "/etc/assimilator.d";

    /// <param name="files">As the user named them; none for the default ones.</param>
    public static IReadOnlyList<LoadedConfiguration> Read(
        IReadOnlyList<string> files, IReadOnlyDictionary<string, string> environment) => Judge(
        [
            .. (files.Count > 0 ? files : DefaultFiles())
                .Select(file => new LoadedConfiguration(file, ConfigurationReader.Read(file, environment))),
        ]);

    /// <summary>Two backups with one name would hide each other's failures: neither runs, and neither is reported. Two
    /// that would prune the same archives back up, but do not prune.</summary>
    public static IReadOnlyList<LoadedConfiguration> Judge(IReadOnlyList<LoadedConfiguration> loaded)
    {
        var archives = loaded.SelectMany(
            one => one.Configuration.Repositories.Select(series => (one, SharedArchives.Of(series)))).ToList();
        return
        [
            .. loaded.Select(one => one with
            {
                Result = WithNameProblem(one.Result with
                {
                    Configuration = one.Configuration with
                    {
                        Repositories =
                        [
                            .. one.Configuration.Repositories.Select(series => series with
                            {
                                AlsoPrunedBy = AlsoPrunedBy(one, SharedArchives.Of(series), archives),
                            }),
                        ],
                    },
                }, loaded.FirstOrDefault(other => other.File != one.File && other.Result.CanReport
                    && other.Name == one.Name)),
            }),
        ];
    }

    private static IReadOnlyList<string> AlsoPrunedBy(LoadedConfiguration one, SharedArchives own,
        IReadOnlyList<(LoadedConfiguration By, SharedArchives Archives)> all) =>
    [
        .. all.Where(other => other.By.File != one.File && SharedArchives.Are(own, other.Archives))
            .Select(other => $"{other.By.Name} ({other.By.File})").Distinct(),
    ];

    private static ConfigurationResult WithNameProblem(ConfigurationResult result, LoadedConfiguration? same) =>
        same is null || !result.CanReport ? result : result with
        {
            CanReport = false,
            Problems =
            [
                .. result.Problems,
                new(null, "backup", "name", $"'{PlainText.Excerpt(same.Name)}' is also the name of {same.File}",
                    "give each backup its own name"),
            ],
        };

    private static List<string> DefaultFiles()
    {
        List<string> files = Path.Exists(DefaultFile) ? [DefaultFile] : [];
        if (Directory.Exists(DefaultDirectory))
            files.AddRange(Directory.GetFiles(DefaultDirectory, "*.ini")
                .Where(file => Path.GetFileName(file)[0] != '.').Order(StringComparer.Ordinal));
        return files.Count > 0 ? files : [DefaultFile];
    }
}
