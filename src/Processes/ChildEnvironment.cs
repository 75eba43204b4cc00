namespace Assimilator.Processes;

/// <summary>Which of the variables that this process was started with its children get. A name that ends in <c>*</c> stands
/// for all that begin so.</summary>
internal static class ChildEnvironment
{
    /// <summary>Names a file by which borg logs in another way than we read, and runs what stands in it.</summary>
    public const string LoggingOfBorg = "BORG_LOGGING_CONF";

    /// <summary>What borg and those that it starts are known to need. Anything else stands in <c>[borg] environment</c>.</summary>
    private static readonly string[] ForBorg =
    [
        "BORG_*", "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TMP", "TEMP", "XDG_*",
        "LANG", "LANGUAGE", "LC_*", "TZ",
        // For ssh: its agent, its tickets, and what leads out through a proxy.
        "SSH_AUTH_SOCK", "KRB5CCNAME", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
        "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY",
        // For the passcommand: where passphrases are kept.
        "CREDENTIALS_DIRECTORY", "DBUS_SESSION_BUS_ADDRESS", "GNUPGHOME", "PASSWORD_STORE_*",
    ];

    private static readonly string[] NotForScripts =
    [
        // Ours alone: who runs us, and where our own state is.
        "ASSIMILATOR_*", "NOTIFY_SOCKET", "WATCHDOG_*", "LISTEN_*", "STATE_DIRECTORY",
        // With these, whoever sets a variable runs code of his own in other programs, or leads them astray. What glibc takes
        // from set-user-id programs, but for TMPDIR:
        "GCONV_PATH", "GETCONF_DIR", "GLIBC_TUNABLES", "HOSTALIASES", "LD_*", "LOCALDOMAIN", "LOCPATH", "MALLOC_TRACE",
        "NIS_PATH", "NLSPATH", "RESOLV_HOST_CONF", "RES_OPTIONS", "TZDIR",
        // What sudo takes from all programs besides:
        "BASHOPTS", "BASH_ENV", "BASH_FUNC_*", "CDPATH", "ENV", "FPATH", "GLOBIGNORE", "IFS", "JAVA_TOOL_OPTIONS",
        "KRB5_CONFIG*", "KRB5_KTNAME", "NULLCMD", "PATH_LOCALE", "PERL5*", "PERLIO_DEBUG", "PERLLIB", "PS4", "PYTHON*",
        "READNULLCMD", "RUBYLIB", "RUBYOPT", "SHELLOPTS", "TERMCAP", "TERMINFO*", "TERMPATH", "TMPPREFIX", "ZDOTDIR",
        // What is known of other programs that scripts may start. There are more.
        "AWKLIBPATH", "AWKPATH", "BASH_LOADABLES_PATH", "CORECLR_*", "CURL_HOME", "DOTNET_STARTUP_HOOKS", "GIO_MODULE_DIR",
        "GIT_*", "HGRCPATH", "JDK_JAVA_OPTIONS", "LESSCLOSE", "LESSOPEN", "LIBMYSQL_PLUGIN_DIR", "LUA_*", "MAKEFLAGS",
        "NODE_OPTIONS", "NODE_PATH", "OPENSSL_CONF", "OPENSSL_ENGINES", "OPENSSL_MODULES", "PAGER", "PHPRC",
        "PHP_INI_SCAN_DIR", "PSQLRC", "RSYNC_CONNECT_PROG", "RSYNC_RSH", "R_PROFILE_USER", "SSH_ASKPASS", "TAR_OPTIONS",
        "WGETRC", "_JAVA_OPTIONS",
    ];

    /// <summary>True for a variable that holds a passphrase of borg or says where it is.</summary>
    public static bool IsPassphrase(string name) =>
        name.StartsWith("BORG_", StringComparison.Ordinal)
        && (name.Contains("PASSPHRASE", StringComparison.Ordinal) || name.Contains("PASSCOMMAND", StringComparison.Ordinal));

    /// <param name="secrets">Further variables to leave out.</param>
    public static Dictionary<string, string> OfBorg(
        IReadOnlyDictionary<string, string> inherited, IReadOnlySet<string> secrets) =>
        Select(inherited, secrets, IsForBorg);

    /// <summary>True for a variable that borg gets as it is.</summary>
    public static bool IsForBorg(string name) => name != LoggingOfBorg && Array.Exists(ForBorg, pattern => Matches(name, pattern));

    /// <inheritdoc cref="OfBorg"/>
    public static Dictionary<string, string> OfScripts(
        IReadOnlyDictionary<string, string> inherited, IReadOnlySet<string> secrets) =>
        Select(inherited, secrets, name => !Array.Exists(NotForScripts, pattern => Matches(name, pattern)));

    private static Dictionary<string, string> Select(
        IReadOnlyDictionary<string, string> inherited, IReadOnlySet<string> secrets, Predicate<string> isMeant)
    {
        var selected = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in inherited)
        {
            // What is no UTF-8 has become something else: a child had better get none.
            if (isMeant(name) && !IsPassphrase(name) && !secrets.Contains(name) && !value.Contains('\uFFFD', StringComparison.Ordinal))
                selected[name] = value;
        }
        return selected;
    }

    private static bool Matches(string name, string pattern) =>
        pattern[^1] == '*' ? name.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1)) : name == pattern;
}
