using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>The units that the binary prints: systemd takes them, they are as strict as they say, and a backup works under them.
/// There is no systemd in a test, so bubblewrap confines the run as the service says.</summary>
public sealed class SystemdUnitTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Systemd_takes_both_units_without_a_word()
    {
        var result = Programs.Run("systemd-analyze", ["verify", Write("service"), Write("timer"), Write("service@"), Write("timer@")]);
        Assert.Equal((0, ""), (result.ExitCode, result.Everything));
    }

    [Fact]
    public void Systemd_calls_the_service_little_exposed() => Programs.RunOrThrow("systemd-analyze",
        // Tenths: 10 is nothing protected, and a service that reads every file as root gets no better than this.
        ["security", "--offline=true", "--no-pager", "--threshold=24", Write("service")]);

    [Fact]
    public void All_are_printed_together_each_under_its_path() => Assert.Equal(
        $"# /etc/systemd/system/assimilator.service\n{Unit("service")}\n# /etc/systemd/system/assimilator.timer\n{Unit("timer")}\n"
            + $"# /etc/systemd/system/assimilator@.service\n{Unit("service@")}\n# /etc/systemd/system/assimilator@.timer\n{Unit("timer@")}",
        Unit("systemd"));

    [Fact]
    public void The_unit_of_one_backup_differs_in_its_name_alone()
    {
        Assert.Equal(["Description=Backup %i", "ExecStart=/usr/local/bin/assimilator run %i"],
            Unit("service@").Split('\n').Except(Unit("service").Split('\n')).Where(line => !line.StartsWith('#')));
        Assert.Equal(["Description=Backup %i every night"], Unit("timer@").Split('\n').Except(Unit("timer").Split('\n')));
    }

    [Fact]
    public void A_backup_of_everything_works_under_the_service()
    {
        using var backup = new TestBackup().WithRealBorg().Set("retention", "daily", "7")
            .Set("preexec", "1", "/bin/sh -c 'nice -n 5 true && ! touch /usr/here && ! chown 1 /tmp'");
        backup.Directory.Write("source/unreadable", "of somebody else");
        Users.RunAsRoot("/bin/sh", "-c", $"chown 1234 '{backup.Directory["source/unreadable"]}' && chmod 000 '{backup.Directory["source/unreadable"]}'");
        backup.Environment["BORG_CACHE_DIR"] = backup.Environment["TMPDIR"] = backup.Directory.MakeDirectory("cache");
        backup.WriteConfiguration();

        var result = Confined(backup);

        Assert.True(result.ExitCode == 0, result.ToString());
        var archive = Assert.Single(backup.Archives());
        Assert.Equal("of somebody else",
            backup.Borg("extract", "--stdout", $"{backup.Location}::{archive}", backup.Directory["source/unreadable"][1..]));
    }

    /// <summary>Runs it with the capabilities and system calls of the service, and where the service can write, it can.</summary>
    private ProgramResult Confined(TestBackup backup)
    {
        var filter = _directory["filter"];
        Programs.RunOrThrow("/usr/bin/python3",
            [Path.Combine(Repository.Root, "tests/Resources/seccomp-filter.py"), filter, .. Settings("SystemCallFilter")]);
        string[] writable = ["state", "cache", "repository", "borg"];
        string[] bubble =
        [
            "bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc",
            .. writable.SelectMany(name => new[] { "--bind", backup.Directory.MakeDirectory(name), backup.Directory[name] }),
            "--cap-drop", "ALL", .. Settings("CapabilityBoundingSet").SelectMany(name => new[] { "--cap-add", name }),
            "--seccomp", "9", Repository.Binary, "-c", backup.ConfigurationFile,
        ];
        string[] command = ["/bin/sh", "-c", $"exec 9< '{filter}'; exec \"$@\"", "sh", .. bubble];
        return Users.IsRoot
            ? Programs.Run(command[0], command[1..], backup.Environment)
            : Programs.Run("sudo", ["-n", "env", .. backup.Environment.Where(pair => pair.Value is not null).Select(pair => $"{pair.Key}={pair.Value}"), .. command]);
    }

    /// <summary>The values of a setting, in order.</summary>
    private static IEnumerable<string> Settings(string name) => Unit("service").Split('\n')
        .Where(line => line.StartsWith($"{name}=", StringComparison.Ordinal)).Select(line => line[(name.Length + 1)..]);

    private static string Unit(string name) => Programs.RunOrThrow(Repository.Binary, ["print", name]);

    private string Write(string name) => _directory.Write($"assimilator{(name.EndsWith('@') ? "@" : "")}.{name.TrimEnd('@')}",
        Unit(name).Replace("/usr/local/bin/assimilator", Repository.Binary, StringComparison.Ordinal));
}
