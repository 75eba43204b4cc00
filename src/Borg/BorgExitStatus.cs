namespace Assimilator.Borg;

/// <summary>What the end of a borg process means.</summary>
internal enum BorgExitStatus
{
    Success,
    Warning,
    Error,
}

internal static class BorgExitStatuses
{
    /// <summary>Borg's own return codes: 1 and 100 to 127 are warnings, both in the legacy and in the modern scheme.
    /// Everything from 128 on was a signal, whether it killed borg or borg reports it.</summary>
    public static BorgExitStatus Of(int returnCode) => returnCode switch
    {
        0 => BorgExitStatus.Success,
        1 or (>= 100 and <= 127) => BorgExitStatus.Warning,
        _ => BorgExitStatus.Error,
    };
}
