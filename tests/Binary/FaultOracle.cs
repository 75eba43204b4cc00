namespace Assimilator.Tests.Binary;

/// <summary>What must come of a fault in a step, worked out from the contract alone.</summary>
internal sealed record Expectation(int ExitCode, IReadOnlyList<string> Calls, bool HasArchive)
{
    private static readonly RunStep[] Order = Enum.GetValues<RunStep>();

    public static Expectation Of(Fault fault, RunStep step)
    {
        var isSkip = step == RunStep.Preexec && fault.ReturnCode == 75;
        var isWarning = fault.ReturnCode is 1 or (>= 100 and <= 127);
        var archiveFault = step == RunStep.Create && !(fault.ReturnCode == 0 || (isWarning && fault.PrintsJson));
        var hasArchive = step != RunStep.Preexec && !archiveFault || (step == RunStep.Preexec && fault.ReturnCode == 0);
        var lastBeforePostexec = step switch
        {
            RunStep.Preexec when fault.ReturnCode != 0 => RunStep.Preexec,
            RunStep.Create when archiveFault => RunStep.Create,
            // A prune that only warns has pruned.
            RunStep.Prune when fault.ReturnCode != 0 && !isWarning => RunStep.Prune,
            _ => RunStep.Compact,
        };
        var wantsAttention = fault.ReturnCode != 0 || fault.HidesList || (step == RunStep.Create && fault.BreaksJson);
        var exitCode = isSkip ? 75 : !hasArchive ? 2 : wantsAttention ? 1 : 0;
        return new Expectation(
            exitCode,
            [.. Order.Where(other => other <= lastBeforePostexec || other == RunStep.Postexec).Select(NameOf)],
            hasArchive);
    }

    public static string NameOf(RunStep step) => step switch
    {
        RunStep.Preexec or RunStep.Postexec => $"{step}-1".ToLowerInvariant(),
        _ => step.ToString().ToLowerInvariant(),
    };

    /// <summary>The metric that tells the return code of a step.</summary>
    public static string MetricOf(RunStep step) => step == RunStep.Prune
        ? "borg_prune_return_code"
        : $"assimilator_{step.ToString().ToLowerInvariant()}_return_code";
}
