using Assimilator.Configuration;
using Assimilator.Report;

namespace Assimilator.Borg;

/// <summary>A kind of step: which borg command it is and how its output is read.</summary>
/// <param name="Arguments">The arguments of borg.</param>
/// <param name="Timeout">How long borg may run; null for no limit.</param>
/// <param name="Parse">Adds the facts of the output to a result.</param>
internal sealed record BorgStep(
    StepKind Kind, Func<BorgDialect, BackupConfiguration, RepositorySettings, IReadOnlyList<string>> Arguments,
    Func<BorgSettings, TimeSpan?> Timeout, Func<StepResult, BorgOutput, StepResult> Parse)
{
    public static readonly BorgStep Create = new(
        StepKind.Create, BorgCommandLine.Create, borg => borg.CreateTimeout, StepParsers.Create);

    /// <summary>Counts what <see cref="Create"/> would back up, directories included, and names it at level
    /// debug.</summary>
    public static readonly BorgStep CreateDryRun = Create with
    {
        Arguments = BorgCommandLine.CreateDryRun,
        Parse = (result, output) => result.Outcome == BorgOutcome.Error ? result
            : result with { Archive = new() { Stats = new() { Nfiles = output.Files } } },
        NamesFiles = false,
    };

    public static readonly BorgStep Prune = new(
        StepKind.Prune, BorgCommandLine.Prune, borg => borg.PruneTimeout, StepParsers.Prune);

    /// <summary>Lists what <see cref="Prune"/> would do.</summary>
    public static readonly BorgStep PruneDryRun = Prune with { Arguments = BorgCommandLine.PruneDryRun };

    public static readonly BorgStep Compact = new(
        StepKind.Compact, BorgCommandLine.Compact, borg => borg.CompactTimeout, (result, _) => result);

    /// <summary>Looks for damage. Each line that borg writes about it is alike.</summary>
    public static BorgStep Check(CheckPart part, CheckScope scope) => new(
        StepKind.Check, (dialect, _, repository) => BorgCommandLine.Check(dialect, repository, part, scope),
        borg => borg.CheckTimeout,
        (result, output) => result with
        {
            Check = new(
                IsLast: part != CheckPart.Repository,
                HasReachedEnd: part != CheckPart.Repository || output.HasCheckedAllSegments,
                VerifiedData: part != CheckPart.Repository && scope.VerifiesData),
        })
    {
        MostProblems = MostAlike,
    };

    /// <summary>A damaged repository makes borg write hundreds of lines.</summary>
    public const int MostAlike = 20;

    /// <summary>Of more errors and warnings than these, only the number is told.</summary>
    public int MostProblems { get; init; } = int.MaxValue;

    /// <summary>Shows the files that borg lists; otherwise only at level debug.</summary>
    public bool NamesFiles { get; init; } = true;

    /// <summary>How long the last one took; null if that is not known.</summary>
    public TimeSpan? LastDuration { get; init; }

    public string Name => Kind.ToString().ToLowerInvariant();
}

/// <summary>What a borg process printed.</summary>
/// <param name="Stdout">Its standard output, as far as it was kept.</param>
/// <param name="IsTruncated">There was more of it.</param>
/// <param name="List">The messages of <c>--list</c>.</param>
/// <param name="HasCheckedAllSegments">A check has come to the end of the repository.</param>
/// <param name="Files">How many files it listed.</param>
internal sealed record BorgOutput(
    ReadOnlyMemory<byte> Stdout, bool IsTruncated, IReadOnlyList<string> List, bool HasCheckedAllSegments = false,
    long Files = 0);

/// <summary>How thorough a check is.</summary>
/// <param name="VerifiesData">It reads and decrypts all data.</param>
/// <param name="MaxDuration">How long the check of the repository itself may take: the next one goes on where this one
/// ends. Null for no limit.</param>
internal sealed record CheckScope(bool VerifiesData, TimeSpan? MaxDuration);

/// <summary>What a process of <c>borg check</c> looks at.</summary>
internal enum CheckPart
{
    Whole,
    Repository,
    Archives,
}
