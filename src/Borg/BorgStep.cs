using Assimilator.Configuration;
using Assimilator.Report;

namespace Assimilator.Borg;

/// <summary>A kind of step: which borg command it is and how its output is read.</summary>
/// <param name="Arguments">The arguments of borg.</param>
/// <param name="Timeout">How long borg may run; null for no limit.</param>
/// <param name="Parse">Adds the facts of the output to a result.</param>
internal sealed record BorgStep(
    StepKind Kind, Func<BackupConfiguration, RepositorySettings, IReadOnlyList<string>> Arguments,
    Func<BorgSettings, TimeSpan?> Timeout, Func<StepResult, BorgOutput, StepResult> Parse)
{
    public static readonly BorgStep Create = new(
        StepKind.Create, BorgCommandLine.Create, borg => borg.CreateTimeout, StepParsers.Create);

    public static readonly BorgStep Prune = new(
        StepKind.Prune, BorgCommandLine.Prune, borg => borg.PruneTimeout, StepParsers.Prune);

    /// <summary>Lists what <see cref="Prune"/> would do.</summary>
    public static readonly BorgStep PruneDryRun = Prune with { Arguments = BorgCommandLine.PruneDryRun };

    public static readonly BorgStep Compact = new(
        StepKind.Compact, BorgCommandLine.Compact, borg => borg.CompactTimeout, (result, _) => result);

    public string Name => Kind.ToString().ToLowerInvariant();
}

/// <summary>What a borg process printed.</summary>
/// <param name="Stdout">Its standard output, as far as it was kept.</param>
/// <param name="IsTruncated">There was more of it.</param>
/// <param name="List">The messages of <c>--list</c>.</param>
internal sealed record BorgOutput(ReadOnlyMemory<byte> Stdout, bool IsTruncated, IReadOnlyList<string> List);
