using Assimilator.Report;

namespace Assimilator.Borg;

internal static class BorgOutcomes
{
    /// <summary>Borg's own return codes: 1 and 100 to 127 are warnings, both in the legacy and in the modern scheme;
    /// but a check ends with 1 when it finds damage. From 128 on it was a signal, whether it killed borg or borg
    /// reports it.</summary>
    public static BorgOutcome Of(StepKind kind, int returnCode) => returnCode switch
    {
        0 => BorgOutcome.Success,
        1 when kind == StepKind.Check => BorgOutcome.Error,
        1 or (>= 100 and <= 127) => BorgOutcome.Warning,
        _ => BorgOutcome.Error,
    };
}
