using System.Globalization;
using Assimilator.Borg;
using Assimilator.Terminal;

namespace Assimilator;

/// <summary>What a run says to the person who watches it or reads cron's mail.</summary>
internal static class RunSummary
{
    public static string Created(CreateStep create)
    {
        var name = create.Output?.Archive?.Name is { } archive ? $"archive {archive}" : "an archive";
        var details = Details(create.Output?.Archive?.Stats);
        var warned = create.Borg.Status == BorgExitStatus.Warning
            ? string.Create(CultureInfo.InvariantCulture, $" with warnings (exit code {create.Borg.Exit.ReturnCode})")
            : "";
        return $"created {name} in {Quantities.Duration(create.Borg.Exit.Duration)}{warned}{details}";
    }

    public static string Pruned(BorgResult borg) => $"pruned in {Quantities.Duration(borg.Exit.Duration)}: "
        + $"{Quantities.Count(borg.KeptArchives, "archive")} kept, {Quantities.Count(borg.DeletedArchives, "archive")} deleted";

    public static string Compacted(BorgResult borg) => $"compacted in {Quantities.Duration(borg.Exit.Duration)}";

    public static string Failed(string command, BorgResult borg) => $"borg {command} {borg.Exit.Describe()}";

    public static string Ended(RunReport report, bool isDelivered, int exitCode) => string.Create(CultureInfo.InvariantCulture,
        $"{Words(report)}{(isDelivered ? "" : report.Outcome == Outcome.Success ? ", but the report was not delivered" : ", and the report was not delivered")}"
        + $" (exit code {exitCode} after {Quantities.Duration(report.Duration)})");

    private static string Words(RunReport report) => report.Outcome switch
    {
        Outcome.Success => "everything succeeded",
        Outcome.Warning => "an archive was created, but something wants attention",
        Outcome.Skipped => "not run this time",
        Outcome.Interrupted => string.Create(CultureInfo.InvariantCulture,
            $"ended by signal {report.Signal}, {(report.HasArchive ? "an archive was created" : "no archive was created")}"),
        Outcome.Misconfigured => "not run, the configuration is wrong",
        _ => "no archive was created",
    };

    private static string Details(ArchiveStats? stats)
    {
        var details = new List<string>();
        Add(stats?.Nfiles, number => Quantities.Count(number, "file"));
        Add(stats?.OriginalSize, size => $"{Quantities.Bytes(size)} original");
        Add(stats?.CompressedSize, size => $"{Quantities.Bytes(size)} compressed");
        Add(stats?.DeduplicatedSize, size => $"{Quantities.Bytes(size)} deduplicated");
        return details.Count == 0 ? "" : $": {string.Join(", ", details)}";

        void Add(long? value, Func<long, string> words)
        {
            if (value is { } number)
                details.Add(words(number));
        }
    }
}
