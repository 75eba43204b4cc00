using Assimilator.Configuration;
using Assimilator.Processes;

namespace Assimilator.Borg;

/// <summary>What to do about the errors of borg that everybody meets once: by borg's message ids, by its modern exit
/// codes, and by the error numbers of Linux.</summary>
internal static class BorgHints
{
    public const string InsufficientSpace = "Repository.InsufficientFreeSpaceError";

    /// <summary>Error numbers of Linux.</summary>
    public const int NoSpace = 28;

    /// <summary>Borg names the files that it was reading then, which are not to blame.</summary>
    public const string DiskFull =
        "free space on the disk of the repository or of borg's cache; the files named above are not the cause";

    /// <summary>What to do about a damaged repository. A repair that does not read the data leaves a chunk that borg
    /// cannot decrypt as it is.</summary>
    /// <param name="clearedBy">Another backup that has found no damage since; null if there is none.</param>
    public static string Damage(RunContext context, string? clearedBy = null) => clearedBy is not null
        ? $"a check of the backup {clearedBy} has found no damage since; to confirm: {context.Command("check")} --now"
        : $"copy the repository, repair it ({context.Command("borg")} -- check --repair --verify-data), back up once "
            + $"more, then {context.Command("check")} --now --drill, then {context.Command("prune")}, to agree to what "
            + "the repair rewrote";

    /// <param name="directory">The cache of one repository.</param>
    public static string IncompleteCache(string directory) =>
        "borg was killed while it made its cache; remove it, and borg makes a new one: "
            + $"rm -r {CommandWords.Quote(directory)}";

    /// <summary>The return code of a process that SIGKILL ended.</summary>
    private const int Killed = 137;

    /// <summary>Stands for the command that runs borg with the same repository.</summary>
    private const string Borg = "{borg}";

    /// <summary>Stands for the command that creates that repository.</summary>
    private const string Init = "{init}";

    /// <summary>Stands for the command that lists its archives.</summary>
    private const string List = "{list}";

    private const string Locked =
        $"wait for the borg that holds the lock; only if no host uses the repository: {Borg} -- break-lock";

    private static readonly (string MessageId, int ReturnCode, string Hint)[] Table =
    [
        (InsufficientSpace, 14, "borg needs that much free space even to delete archives: move other files off the "
            + "repository's disk, or enlarge it"),
        ("Repository.DoesNotExist", 13,
            $"is its disk mounted, and the location right? only for a new repository: {Init}"),
        ("Repository.ParentPathDoesNotExist", 18,
            "is its disk mounted? otherwise create the directory above it: mkdir -p"),
        ("Repository.InvalidRepository", 15, "is [repository] location a borg repository?"),
        ("PassphraseWrong", 52, "check passphrase, passphrase_file or passcommand in [repository]"),
        ("NoPassphraseFailure", 50, "set passphrase_file in [repository]"),
        ("LockTimeout", 73, Locked),
        ("LockErrorT", 71, Locked),
        ("Archive.AlreadyExists", 30,
            "did another program create it, or was the clock set back? [backup] archive should contain the full time"),
        ("Cache.RepositoryAccessAborted", 62,
            $"only if you moved the repository, confirm it once: BORG_RELOCATED_REPO_ACCESS_IS_OK=yes {List}"),
        ("Cache.CacheInitAbortedError", 60,
            "only if this repository is meant to be unencrypted, confirm it once: "
                + $"BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes {List}"),
        ("Cache.EncryptionMethodMismatch", 61,
            "this is not the same repository as before: check [repository] location"),
        ("ConnectionClosedWithHint", 81, "test the login by hand: ssh to that host as this user, with the same key"),
        ("ConnectionClosed", 80, "test the login by hand: ssh to that host as this user, with the same key"),
        ("IntegrityError", 90, $"the repository is damaged; to see where: {Borg} -- check"),
    ];

    /// <param name="command">Runs borg with the same repository.</param>
    /// <returns>Null where there is nothing to add.</returns>
    public static string? For(string? messageId, string command) =>
        Completed(Array.Find(Table, row => row.MessageId == messageId).Hint, command);

    /// <inheritdoc cref="For(string?, string)"/>
    public static string? For(int returnCode, string command) => returnCode == Killed
        ? "if nobody killed it, this host ran out of memory: see journalctl -k"
        : Completed(Array.Find(Table, row => row.ReturnCode == returnCode).Hint, command);

    private static string? Completed(string? hint, string command) => hint?
        .Replace(Borg, command, StringComparison.Ordinal)
        .Replace(Init, Other("init", command), StringComparison.Ordinal)
        .Replace(List, Other("list", command), StringComparison.Ordinal);

    private static string Other(string name, string command) =>
        command.Replace("assimilator borg", $"assimilator {name}", StringComparison.Ordinal);

    /// <inheritdoc cref="For(string?, string)"/>
    public static string? ForErrorNumber(int number) => number switch
    {
        NoSpace => DiskFull,
        5 => "a disk reported an I/O error: check the kernel log (dmesg)",
        13 or 1 => "can this user write to the repository and to borg's cache? running borg as root, even once, leaves "
            + "files owned by root there",
        24 => "too many open files: raise the limit (ulimit -n, LimitNOFILE=)",
        30 => "a file system is mounted read-only: check the kernel log (dmesg)",
        107 or 116 => "a network file system is disconnected: mount it again",
        122 => "a disk quota is exceeded: free space, or raise it",
        _ => null,
    };
}
