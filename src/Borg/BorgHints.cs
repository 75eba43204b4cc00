namespace Assimilator.Borg;

/// <summary>What to do about the errors of borg that everybody meets once, by borg's message ids.</summary>
internal static class BorgHints
{
    /// <summary>Borg names the files that it was reading then, which are not to blame.</summary>
    public const string DiskFull =
        "free space on the repository's or the borg cache's disk; the files named above are not the cause";

    private static readonly Dictionary<string, string> Table = new(StringComparer.Ordinal)
    {
        ["Repository.DoesNotExist"] = "is it mounted? to create it: borg init -e repokey-blake2 LOCATION",
        ["Repository.InvalidRepository"] = "is [repository] location a borg repository?",
        ["PassphraseWrong"] = "check passphrase, passphrase_file or passcommand in [repository]",
        ["NoPassphraseFailure"] = "set passphrase_file in [repository]",
        ["PasscommandFailure"] = "try [repository] passcommand by hand, as this user",
        ["LockTimeout"] = "another borg uses the repository; if none does: borg break-lock LOCATION",
        ["LockErrorT"] = "another borg uses the repository; if none does: borg break-lock LOCATION",
        ["Archive.AlreadyExists"] = "use a finer time in [backup] archive, such as {now:%Y-%m-%dT%H:%M:%S}",
        ["Cache.RepositoryAccessAborted"] =
            "if the repository has moved, once: [borg] environment = BORG_RELOCATED_REPO_ACCESS_IS_OK=yes",
        ["Cache.EncryptionMethodMismatch"] = "is this the repository it was before?",
        ["ConnectionClosedWithHint"] = "try ssh to that host by hand, as this user, with the same key",
    };

    /// <summary>Null where there is nothing to add.</summary>
    public static string? For(string? messageId) => messageId is null ? null : Table.GetValueOrDefault(messageId);
}
