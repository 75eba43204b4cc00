using System.Globalization;
using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Reporting;

/// <summary>The last lines of a run, which can be read in two seconds: each series of archives, what went wrong, and
/// how the run ended.</summary>
internal static class RunSummary
{
    private const int MostProblems = 10;

    public static void Show(RunReport report, bool isDelivered, Messages messages)
    {
        var series = report.Repositories.Where(one => !one.IsLeftOut).ToList();
        foreach (var one in report.Ending == RunEnding.Completed ? series : [])
            if (series.Count > 1 || one.Archive is not null)
                messages.About(one.Label).Info(Of(one, isOnly: series.Count == 1));
        if (report.Outcome is not (Outcome.Success or Outcome.Misconfigured) && !messages.AreForPrograms)
            ShowProblems(report.Problems, messages);
        messages.Say(Severity(report.Outcome), Ended(report, isDelivered));
    }

    /// <summary>What a run did with one series of archives.</summary>
    /// <param name="isOnly">The last line names its archive.</param>
    public static string Of(RepositoryReport one, bool isOnly)
    {
        if (one.Archive is not { } archive)
            return one.IsAbsent ? "absent" : "no archive";
        string?[] parts =
        [
            Size(archive.Stats),
            one.IsArchiveDeleted ? "deleted by prune" : null,
            one.Step(StepKind.Prune)?.Prune is { IsDryRun: false } prune
                ? $"{Quantities.Count(prune.Kept.Count, "archive")} kept, {prune.Deleted.Count} deleted" : null,
            string.Join(", ", one.Steps.Select(
                step => $"{step.Kind.ToString().ToLowerInvariant()} {Quantities.Duration(step.Duration)}")),
        ];
        return (isOnly ? "" : $"{Name(archive)}: ") + string.Join("; ", parts.OfType<string>());
    }

    /// <summary>The last line: how the run ended, how long it took, and the archive or the cause.</summary>
    public static string Ended(RunReport report, bool isDelivered)
    {
        var time = Quantities.Duration(report.Duration);
        var isGood = (report with { Problems = [] }).Outcome == Outcome.Success;
        var cause = report.Problems.FirstOrDefault(problem => problem.Severity == LogLevel.Error)?.Message.TrimEnd('.');
        var made = report.Repositories.Where(one => one.Archive is not null).ToList();
        var archives = made.Count == 1 ? Name(made[0].Archive!) : Quantities.Count(made.Count, "archive");
        return report.Outcome switch
        {
            Outcome.Success => $"backup OK in {time}: {archives}",
            Outcome.Warning when isGood && !isDelivered =>
                $"backup OK in {time}, but the report could not be delivered (see above)",
            Outcome.Warning => $"backup created in {time}, with problems (see above): {archives}",
            Outcome.Interrupted => string.Create(
                CultureInfo.InvariantCulture, $"backup interrupted by signal {report.Signal} after {time}, ")
                + (report.HasAnyArchive ? "with an archive" : "without an archive"),
            Outcome.Misconfigured => "backup FAILED: the configuration is wrong, so nothing was started"
                + (isDelivered ? "" : " or reported"),
            Outcome.Skipped => $"backup skipped after {time}",
            _ => $"backup FAILED after {time}: {cause ?? "no archive was created"}",
        };
    }

    private static string Name(ArchiveFacts archive) =>
        archive.Name is { } name ? $"archive {name}" : "an archive without a readable name";

    private static string? Size(ArchiveStats? stats)
    {
        string?[] parts =
        [
            stats?.Nfiles is { } files ? Quantities.Count(files, "file") : null,
            stats?.OriginalSize is { } size ? Quantities.Bytes(size) : null,
            stats?.DeduplicatedSize is { } added ? $"{Quantities.Bytes(added)} new" : null,
        ];
        var known = parts.OfType<string>().ToList();
        return known.Count == 0 ? null : string.Join(", ", known);
    }

    private static LogLevel Severity(Outcome outcome) => outcome switch
    {
        Outcome.Success => LogLevel.Info,
        Outcome.Warning or Outcome.Skipped => LogLevel.Warning,
        _ => LogLevel.Error,
    };

    private static void ShowProblems(IReadOnlyList<Problem> problems, Messages messages)
    {
        foreach (var (place, problem) in problems.Take(MostProblems).Index())
            messages.Info(string.Create(CultureInfo.InvariantCulture, $"problem {place + 1}: {problem.Message}"),
                problem.Hint);
        if (problems.Count > MostProblems)
            messages.Info($"{Quantities.Count(problems.Count - MostProblems, "more problem")}, see above");
    }
}
