namespace Assimilator.Report;

/// <summary>The exit codes of this program; 64, 69, 74, 75 and 78 as in sysexits(3).</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Problems = 1;
    public const int NoArchive = 2;
    public const int Usage = 64;
    public const int Unavailable = 69;
    public const int InputOutput = 74;
    public const int TemporaryFailure = 75;
    public const int Configuration = 78;
    public const int SignalBase = 128;

    /// <summary>Of several backups: what ended by a signal is worse than a wrong configuration, and that is worse than
    /// a missing archive, which is worse than problems; a skipped run is the least.</summary>
    public static int Worst(IReadOnlyCollection<int> codes) =>
        codes.Where(code => code > SignalBase).DefaultIfEmpty(
            ((int[])[Configuration, .. codes.Where(code => code is not (Problems or TemporaryFailure or Success)),
                Problems, TemporaryFailure]).FirstOrDefault(codes.Contains)).First();

    /// <summary>Code and meaning, as README shows them.</summary>
    public static readonly IReadOnlyList<(string Code, string Meaning)> Table =
    [
        ($"{Success}", "success"),
        ($"{Problems}", "backup created, with problems: borg warned; a script, prune, compact, check or restore drill "
            + "failed; or the report or the state could not be written"),
        ($"{NoArchive}", "no archive was created, or not every repository or stream got one"),
        ($"{Usage}", "usage error"),
        ($"{Unavailable}", "`forget`: no report found, or it could not be deleted"),
        ($"{InputOutput}", "output could not be written"),
        ($"{TemporaryFailure}", "skipped: another run holds the lock, or a preexec script asked to skip"),
        ($"{Configuration}", "configuration error"),
        ($"{SignalBase}+N", "ended by signal N"),
    ];
}
