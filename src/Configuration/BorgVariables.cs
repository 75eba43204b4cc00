namespace Assimilator.Configuration;

/// <summary>The environment variables of borg that a run may be started with. Others could change what archives are
/// called or what borg prints: in borg 2 every option has one (<c>BORG_CREATE__…</c>).</summary>
internal static class BorgVariables
{
    /// <summary>Always <c>modern</c>; versions before 1.4 ignore it.</summary>
    public const string ExitCodes = "BORG_EXIT_CODES";

    /// <summary>Newer borgs have no options for these two.</summary>
    public const string RemoteShell = "BORG_RSH", RemotePath = "BORG_REMOTE_PATH";

    private const string Prefix = "BORG_";

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        // Where things are.
        "BORG_REPO", RemoteShell, RemotePath, "BORG_BASE_DIR", "BORG_CACHE_DIR", "BORG_CONFIG_DIR",
        "BORG_DATA_DIR", "BORG_RUNTIME_DIR", "BORG_SECURITY_DIR", "BORG_KEYS_DIR", "BORG_KEY_FILE",
        // Who we are.
        "BORG_HOST_ID", "BORG_HOSTNAME", "BORG_USERNAME",
        // How borg works.
        "BORG_FILES_CACHE_SUFFIX", "BORG_FILES_CACHE_TTL", "BORG_USE_CHUNKS_ARCHIVE", "BORG_CACHE_IMPL",
        "BORG_WORKAROUNDS", "BORG_SELFTEST", "BORG_SHOW_SYSINFO", "BORG_FUSE_IMPL", "BORG_LIBC",
        "BORG_MOUNT_DATA_CACHE_ENTRIES", "BORG_MSGPACK_VERSION_CHECK",
        // What borg would ask.
        "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK", "BORG_RELOCATED_REPO_ACCESS_IS_OK",
        "BORG_CHECK_I_KNOW_WHAT_I_AM_DOING", "BORG_DELETE_I_KNOW_WHAT_I_AM_DOING",
    };

    /// <summary>True for every variable that is not borg's, too. Those with a passphrase never reach a child, so they
    /// are not judged here.</summary>
    public static bool IsAllowed(string name) => !name.StartsWith(Prefix, StringComparison.Ordinal)
        || name.Contains("PASS", StringComparison.Ordinal) || Known.Contains(name);
}
