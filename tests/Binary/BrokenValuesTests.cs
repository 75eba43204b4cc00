using Assimilator.Tests.Support;
using static Assimilator.Tests.Support.Refusals;

namespace Assimilator.Tests.Binary;

/// <summary>Values that are not what their keys expect, or that contradict each other.</summary>
public sealed class BrokenValuesTests
{
    private const string Name = "expected at most 100 bytes, no '/' and no leading '.', found ";
    private const string NoBlanks = "expected a name without '/', '::' or spaces";
    private const string OpenBrace = "contains a '{' without '}' (write a literal brace twice)";
    private const string CloseBrace = "contains a '}' without '{' (write a literal brace twice)";
    private const string SameName = "gives every archive the same name, so every run but the first would fail";
    private const string AddNow = "hint: add '{utcnow:%Y-%m-%dT%H:%M:%SZ}'";
    private const string Within = "expected a number with one of the letters H, d, w, m, y, such as '2d', found ";
    private const string KeepsNothing = "keeps nothing, so every archive would be deleted";
    private const string KeepsNothingHint =
        "hint: set how many to keep, such as 'daily = 7', or remove the section to keep all";
    private const string LabelName =
        "expected a label name of letters, digits and '_', not beginning with a digit, '__' or 'U__'";
    private const string Taken = "this label name is reserved";
    private const string TakenHint =
        "hint: set job in [pushgateway] and instance in [backup]";
    private const string DryRun = "a dry run creates and deletes nothing, but would look like a success";
    private const string Help = "with --help borg does nothing, but that would look like a success";
    private const string HelpHint = "hint: remove '-h' or '--help'";
    private const string DryRunHint = "hint: remove '-n' or '--dry-run'";
    private const string RemoteShell = "--rsh is not allowed here";
    private const string RemoteShellHint = "hint: use rsh in [repository]";
    private const string GlobArchives = "--glob-archives is not allowed here";
    private const string ScopeHint = "hint: use glob_archives in [retention]";
    private const string FromCommandHint = "hint: list files in [paths]; a script in [preexec] can create them first";

    [Theory]
    [InlineData("name = a/b", Name + "'a/b'")]
    [InlineData("name = ..", Name + "'..'")]
    [InlineData("interval = often", Interval + ", found 'often'")]
    [InlineData("interval = 1d 2h", Interval + ", found '1d 2h'")]
    [InlineData("interval = 99999d", Interval + ", found '99999d'")]
    [InlineData("interval = 0", Interval + ", found '0'")]
    [InlineData("interval = 24", Interval + ", found '24'")]
    [InlineData("exclude_caches = ja", Flag + "'ja'")]
    [InlineData("exclude_if_present = .backup/no", "expected the name of a file, without '/', found '.backup/no'")]
    [InlineData("compression = gzip", Compression + "'gzip'")]
    [InlineData("compression = zstd,23", Compression + "'zstd,23'")]
    [InlineData("compression = lzma,10", Compression + "'lzma,10'")]
    [InlineData("archive = {hostname}", SameName, AddNow)]
    [InlineData("archive = daily", SameName, AddNow)]
    [InlineData("archive = {hostnam}-{now}", "'{hostnam}' is not a borg placeholder; did you mean '{hostname}'?")]
    [InlineData("archive = {date}-{now}", "'{date}' is not a borg placeholder; known: "
        + "hostname, fqdn, reverse-fqdn, user, now, utcnow, uuid4, pid, borgversion, borgmajor, borgminor, borgpatch")]
    [InlineData("archive = {hostname}-{now", OpenBrace)]
    [InlineData("archive = hostname}-{now}", CloseBrace)]
    [InlineData("archive = {hostname}/{now}", NoBlanks)]
    [InlineData("archive = {hostname}-{now:%Y/%m}", NoBlanks)]
    [InlineData("archive = web 1-{now}", NoBlanks)]
    public void BackupIsRefused(string line, string expected, params string[] hint)
    {
        using var broken = new BrokenConfiguration();
        broken.Replace("name", line).IsRefused([$"FILE:2: [backup] {line.Split(' ')[0]}: {expected}", .. hint]);
    }

    [Theory]
    [InlineData("srv/borg", Location)]
    [InlineData("~/borg", Location, "hint: write '${HOME}/…'")]
    [InlineData("backup.example.org:borg/web", Location,
        "hint: write ssh://backup.example.org/./borg/web")]
    [InlineData("borg@nas:/srv/borg", Location, "hint: write ssh://borg@nas/srv/borg")]
    [InlineData("borg@nas:~/web", Location, "hint: write ssh://borg@nas/~/web")]
    [InlineData("/srv/borg::daily", Location,
        "hint: the archive's name belongs in [backup] archive")]
    [InlineData("ssh://nas", Location)]
    [InlineData("ssh://nas:ssh/srv/borg", Location)]
    [InlineData("sftp://borg@nas/srv/borg", Location)]
    public void LocationIsRefused(string location, string expected, params string[] hint)
    {
        using var broken = new BrokenConfiguration();
        broken.Replace("location", $"location = {location}")
            .IsRefused([$"FILE:17: [repository] location: {expected}", .. hint]);
    }

    [Theory]
    [InlineData("[hooks]", "on_failure = ignore", "expected 'abort' or 'continue', found 'ignore'")]
    [InlineData("[hooks]", "timeout = 0", Duration + ", or 'none', found '0'")]
    [InlineData("[logging]", "level = trace", "expected 'error', 'warning', 'info' or 'debug', found 'trace'")]
    [InlineData("[logging]", "syslog = local0", Flag + "'local0'")]
    [InlineData("[paths]", "2 = var/lib", Absolute + ", found 'var/lib'", AbsoluteHint)]
    [InlineData("[paths]", "2 = ~", Absolute + ", found '~'", AbsoluteHint)]
    [InlineData("[patterns]", "1 = *.o", "expected a pattern that begins with '+', '-', '!', 'R' or 'P', found '*.o'",
        "hint: see 'borg help patterns'")]
    [InlineData("[retention]", "daily = seven", Keep + "'seven'")]
    [InlineData("[retention]", "daily = -2", Keep + "'-2'")]
    [InlineData("[retention]", "daily = 1.5", Keep + "'1.5'")]
    [InlineData("[retention]", "daily = 99999999999", Keep + "'99999999999'")]
    [InlineData("[retention]", "within = 2", Within + "'2'")]
    [InlineData("[retention]", "within = 0d", Within + "'0d'")]
    [InlineData("[labels]", "1site = x", LabelName)]
    [InlineData("[labels]", "site-name = x", LabelName)]
    [InlineData("[labels]", "__name__ = x", LabelName)]
    [InlineData("[labels]", "Job = x", Taken, TakenHint)]
    [InlineData("[labels]", "backup = x", Taken, TakenHint)]
    [InlineData("[borg]", "create_arguments = --no-files-cache -n", DryRun, DryRunHint)]
    [InlineData("[borg]", "create_arguments = -vxnx", DryRun, DryRunHint)]
    [InlineData("[borg]", "prune_arguments = --dry", DryRun, DryRunHint)]
    [InlineData("[borg]", "compact_arguments = -vh", Help, HelpHint)]
    [InlineData("[borg]", "create_arguments = --rsh=/tmp/ssh", RemoteShell, RemoteShellHint)]
    [InlineData("[borg]", "prune_arguments = --save-space --rs /tmp/ssh", RemoteShell, RemoteShellHint)]
    [InlineData("[borg]", "compact_arguments = --rsh /tmp/ssh", RemoteShell, RemoteShellHint)]
    [InlineData("[borg]", "create_arguments = --content-from-command", "--content-from-command is not allowed here", "hint: use [streams]")]
    [InlineData("[borg]", "create_arguments = --paths-from-c", "--paths-from-command is not allowed here", FromCommandHint)]
    [InlineData("[borg]", "create_arguments = -vh", Help, HelpHint)]
    [InlineData("[borg]", "create_arguments = -xvh", Help, HelpHint)]
    [InlineData("[borg]", "prune_arguments = --save-space -vh", Help, HelpHint)]
    [InlineData("[borg]", "prune_arguments = --he", Help, HelpHint)]
    [InlineData("[borg]", "compact_arguments = -vhx", Help, HelpHint)]
    [InlineData("[borg]", "prune_arguments = --save-space --glob-archives=*", GlobArchives, ScopeHint)]
    [InlineData("[borg]", "prune_arguments = -va *", GlobArchives, ScopeHint)]
    [InlineData("[borg]", "prune_arguments = -P ''", "--prefix is not allowed here", ScopeHint)]
    [InlineData("[borg]", "create_arguments = --no-files-cache -- /other::{now} /etc",
        "arguments after '--' would be taken for the repository", "hint: remove '--'")]
    [InlineData("[borg]", "create_arguments = --comment 'x", OpenQuote)]
    [InlineData("[borg]", "compact_arguments = --verbose \\", OpenQuote)]
    [InlineData("[borg]", "environment = BORG_RSH",
        "expected 'NAME=value' (put a value with spaces in double quotes)")]
    [InlineData("[borg]", "create_arguments = --progress", "--progress is not allowed here: nobody would see it", "hint: remove it")]
    [InlineData("[borg]", "create_arguments = -p", "--progress is not allowed here: nobody would see it", "hint: remove it")]
    [InlineData("[borg]", "create_arguments = -vs", "--stats is not needed: the sizes are always shown and reported", "hint: remove it")]
    [InlineData("[borg]", "create_arguments = -Cnone", "--compression is not allowed here", "hint: use compression in [backup]")]
    [InlineData("[borg]", "prune_arguments = --list", "--list is not needed: deleted archives are always named", "hint: remove it")]
    [InlineData("[borg]", "prune_arguments = --keep-daily 7", "retention rules are not allowed here", "hint: use the keys of [retention], such as daily = 7")]
    [InlineData("[borg]", "prune_arguments = -d7", "retention rules are not allowed here", "hint: use the keys of [retention], such as daily = 7")]
    [InlineData("[borg]", "compact_arguments = --lock-wait=1", "--lock-wait is not allowed here", "hint: use lock_wait in [repository]")]
    [InlineData("[borg]", "prune_arguments = --error", "--error would hide messages that assimilator has to read", "hint: use level in [logging]")]
    [InlineData("[borg]", "create_arguments = --paths-from-stdin", "--paths-from-stdin is not allowed here",
        "hint: list files in [paths]; a script in [preexec] can create them first")]
    [InlineData("[borg]", "environment = BORG_CREATE__STATS=true", "BORG_CREATE__STATS is not allowed here",
        "hint: it could change the names of archives, or what assimilator reads from borg's output")]
    [InlineData("[backup]", "accept = 100, 5", "expected a whole number from 100 to 127, or several separated by commas, found '100, 5'")]
    [InlineData("[hooks]", "postexec_after = prune", "expected 'run' or 'create', found 'prune'")]
    [InlineData("[borg]", "environment = BORG_LOGGING_CONF=/x", "BORG_LOGGING_CONF is not allowed here",
        "hint: it could change the names of archives, or what assimilator reads from borg's output")]
    [InlineData("[borg]", "environment = 1X=y",
        "expected 'NAME=value' (put a value with spaces in double quotes)")]
    [InlineData("[state]", "Directory2 = state", "unknown key", "hint: did you mean 'directory'?")]
    public void ValueIsRefused(string section, string line, string expected, params string[] hint)
    {
        using var broken = new BrokenConfiguration();
        broken.Append($"{section}\n{line}")
            .IsRefused([$"FILE:23: {section} {line.Split(' ')[0]}: {expected}", .. hint]);
    }

    [Theory]
    [InlineData("[retention]")]
    [InlineData("[retention]\ncompact = true")]
    [InlineData("[retention]\ndaily = 0\nweekly = 0")]
    public void RetentionThatKeepsNothingIsRefused(string added)
    {
        using var broken = new BrokenConfiguration();
        broken.Append(added).IsRefused([$"FILE:22: [retention]: {KeepsNothing}", KeepsNothingHint]);
    }

    [Theory]
    [InlineData("{now}-{hostname}")]
    [InlineData("{uuid4}")]
    public void RetentionWithoutAFixedBeginningIsRefused(string archive)
    {
        using var broken = new BrokenConfiguration();
        broken.Replace("name", $"archive = {archive}").Append("[retention]\ndaily = 7").IsRefused([
            "FILE:22: [retention] glob_archives: is needed, because [backup] archive has no fixed beginning "
                + "that tells this backup's archives from others",
            "hint: start archive with fixed text, such as the name of the backup",
        ]);
    }

    [Theory]
    [InlineData("{hostname}-{now:%B-%d}", "{now:%B-%d}")]
    [InlineData("{hostname}-{pid}", "{pid}")]
    public void RetentionWithoutAFixedFormIsRefused(string archive, string placeholder)
    {
        using var broken = new BrokenConfiguration();
        broken.Replace("name", $"archive = {archive}").Append("[retention]\ndaily = 7").IsRefused([
            $"FILE:22: [retention] glob_archives: is needed, because '{placeholder}' in [backup] archive has no fixed form "
                + "that tells this backup's archives from others",
            "hint: write the time in archive as '{now:%Y-%m-%dT%H:%M:%S}'",
        ]);
    }

    [Theory]
    [InlineData("push.example.org:9091", BaseUrl, SchemeHint)]
    [InlineData("ftp://push.example.org", BaseUrl)]
    [InlineData("http://", BaseUrl)]
    [InlineData("http://push.example.org:port", BaseUrl, PortHint)]
    [InlineData("https://push.example.org:99999/", BaseUrl, PortHint)]
    [InlineData("http://u:hunter2@[::1]:65536", BaseUrl, PortHint)]
    [InlineData("http://[::1", BaseUrl)]
    [InlineData("http://push.example.org:9091/metrics", "expected the base URL, without '/metrics' at the end")]
    [InlineData("http://push.example.org/metrics/job/x", "expected the base URL, without '/metrics' at the end")]
    [InlineData("http://push.example.org?x=1", BaseUrl + ", found a '?' or '#' in it")]
    public void UrlIsRefused(string url, string expected, params string[] hint)
    {
        using var broken = new BrokenConfiguration();
        broken.Append($"[pushgateway]\nurl = {url}").IsRefused([$"FILE:23: [pushgateway] url: {expected}", .. hint]);
    }

    [Theory]
    [InlineData("job = x", "FILE:22: [pushgateway] url: is missing, " + BaseUrl)]
    [InlineData("url = http://h\nretries = -1",
        "FILE:24: [pushgateway] retries: expected a whole number from 0 to 100")]
    [InlineData("url = http://h\ntimeout = 0s", "FILE:24: [pushgateway] timeout: expected a duration")]
    [InlineData("url = http://h\nusername = u", "FILE:22: [pushgateway] password: is missing: "
        + "basic authentication needs username and one of password, password_file")]
    [InlineData("url = http://h\npassword = hunter2", "FILE:22: [pushgateway] username: is missing: "
        + "basic authentication needs username and one of password, password_file")]
    [InlineData("url = http://h\nusername = u\npassword = hunter2\npassword_file = DIR/passphrase",
        "FILE:26: [pushgateway] password_file: password is already set: use one of the two")]
    [InlineData("url = http://h\nusername = u\npassword = hunter2\nbearer_token_file = DIR/token",
        "FILE:26: [pushgateway] bearer_token_file: basic authentication is already set: use one of the two")]
    [InlineData("url = http://u:hunter2@h\nbearer_token_file = DIR/token",
        "FILE:24: [pushgateway] bearer_token_file: basic authentication is already set: use one of the two")]
    [InlineData("url = http://u:hunter2@h\nusername = u\npassword = hunter2",
        "FILE:23: [pushgateway] url: already contains a user: set it there or in username and password, not both")]
    [InlineData("url = http://h\nca_file = DIR/missing.pem",
        "FILE:24: [pushgateway] ca_file: DIR/missing.pem does not exist")]
    [InlineData("url = http://h\nca_file = DIR/source",
        "FILE:24: [pushgateway] ca_file: DIR/source is a directory, expected a file")]
    public void PushgatewayIsRefused(string lines, string expected)
    {
        using var broken = new BrokenConfiguration();
        broken.Backup.Directory.Write("token", BrokenConfiguration.Canary);
        broken.Append($"[pushgateway]\n{lines}").IsRefused([expected]);
    }

    [Fact]
    public void BackupOfNothingIsRefused()
    {
        using var broken = new BrokenConfiguration();
        broken.Replace("1 = DIR/source".Replace("DIR", broken.Backup.Directory.Path, StringComparison.Ordinal), "")
            .IsRefused([$"FILE:7: [paths]: {NoPaths}"]);
    }

    [Fact]
    public void RelativeStateDirectoryIsRefused()
    {
        using var broken = new BrokenConfiguration();
        broken.Replace("directory", "directory = state")
            .IsRefused([$"FILE:21: [state] directory: {Absolute}, found 'state'", AbsoluteHint]);
    }
}
