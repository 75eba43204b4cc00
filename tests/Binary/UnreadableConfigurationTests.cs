using System.Text;
using Assimilator.Tests.Support;
using static Assimilator.Tests.Support.Refusals;

namespace Assimilator.Tests.Binary;

/// <summary>Configurations that are no text file, or none that may be read.</summary>
public sealed class UnreadableConfigurationTests
{
    private const string MissingLocation = "FILE: [repository] location: is missing, " + Location;
    private const string MissingPaths = "FILE: [paths]: " + NoPaths;
    private const string Binary = "FILE: contains binary data, expected UTF-8 text";

    /// <param name="bytes">A character each.</param>
    /// <param name="expected">The lines of standard error.</param>
    [Theory]
    [InlineData("", MissingLocation, MissingPaths)]
    [InlineData("; [backup]\n# location = x\n// x\n\n", MissingLocation, MissingPaths)]
    [InlineData("\xef\xbb\xbf[backup]\r\nname = x\r\n", MissingLocation, MissingPaths)]
    [InlineData("[backup]\nname = a\0b\n", Binary)]
    [InlineData("\xff\xfe[\0b\0a\0c\0k\0u\0p\0]\0\n\0", Binary)]
    [InlineData("\x7f" + "ELF\x02\x01\x01\0\0\xff\xff", Binary)]
    [InlineData("; a\r\n\r\n; f\xfcr\r\n", "FILE: line 3 is not UTF-8 text")]
    [InlineData("; a\n; b\n; \xe2\x82", "FILE: line 3 is not UTF-8 text")]
    public void ContentIsRefused(string bytes, params string[] expected) =>
        IsRefused(Encoding.Latin1.GetBytes(bytes), expected);

    [Fact]
    public void NoiseIsRefused()
    {
        var noise = new byte[4096];
        new Random(1).NextBytes(noise);
        IsRefused(noise, [Binary]);
    }

    [Fact]
    public void TooLargeAFileIsRefused() =>
        IsRefused(new byte[10 * 1024 * 1024], ["FILE: is larger than 1024 KiB, expected a text file"]);

    [Fact]
    public void LongLineIsRefused() => IsRefused(Encoding.UTF8.GetBytes(new string('x', 200_000)), [
        $"FILE:1: {NoEquals}",
        NoEqualsHint,
        MissingLocation,
        MissingPaths,
    ]);

    [Theory]
    [InlineData("DIR/missing.ini", "does not exist")]
    [InlineData("DIR/passphrase/missing.ini", "does not exist")]
    [InlineData("DIR/source", "is a directory, expected a file")]
    [InlineData("DIR/source/", "is a directory, expected a file")]
    [InlineData("DIR/fifo", "is a pipe or device, expected a file")]
    [InlineData("/dev/zero", "is a pipe or device, expected a file")]
    [InlineData("/dev/null", "is a pipe or device, expected a file")]
    [InlineData("/dev/stdin", "is a pipe or device, expected a file")]
    [InlineData("DIR/loop", "cannot be read: Too many levels of symbolic links")]
    public void FileIsRefused(string path, string expected)
    {
        using var broken = new BrokenConfiguration();
        var directory = broken.Backup.Directory;
        Programs.RunOrThrow("mkfifo", [directory["fifo"]]);
        File.CreateSymbolicLink(directory["loop"], "loop");
        var file = path.Replace("DIR/", $"{directory.Path}/", StringComparison.Ordinal);
        broken.IsRefused(RunWith(broken, file), [$"{file}: {expected}"]);
    }

    [Fact]
    public void FileWithATooLongNameIsRefused()
    {
        using var broken = new BrokenConfiguration();
        var file = $"/{new string('x', 300)}";
        broken.IsRefused(RunWith(broken, file), [$"{file}: has a name that is too long"]);
    }

    [Theory]
    [InlineData("test.ini", "FILE: cannot be read: permission denied")]
    [InlineData("passphrase",
        "FILE:18: [repository] passphrase_file: DIR/passphrase cannot be read: permission denied")]
    [InlineData("closed", "FILE:23: [repository] identity_file: DIR/closed/x cannot be reached: permission denied",
        "FILE:25: [preexec] 2: DIR/closed/x cannot be reached: permission denied")]
    public void WhatTheUserMayNotReadIsRefused(string closed, params string[] expected)
    {
        using var broken = new BrokenConfiguration();
        var directory = broken.Backup.Directory;
        directory.WriteScript("closed/x", "exit 0");
        broken.Append("[repository]\nidentity_file = DIR/closed/x\n[preexec]\n2 = DIR/closed/x").Write();
        var mode = File.GetUnixFileMode(directory[closed]);
        File.SetUnixFileMode(directory[closed], UnixFileMode.None);

        broken.IsRefused(RunAsNobody(broken), expected);

        File.SetUnixFileMode(directory[closed], mode);
    }

    /// <summary>In an empty /etc, where only this test can have put something.</summary>
    [Theory]
    [InlineData("--tmpfs", "/etc", "does not exist",
        "hint: name another file with -c, or begin with the example: assimilator print config > /etc/assimilator.ini")]
    [InlineData("--dir", "/etc/assimilator.ini", "is a directory, expected a file")]
    public void DefaultFileIsRefused(string option, string argument, params string[] expected)
    {
        using var broken = new BrokenConfiguration();
        var result = Programs.Run(
            "bwrap", ["--dev-bind", "/", "/", "--tmpfs", "/etc", option, argument, Repository.Binary],
            broken.Backup.Environment);
        broken.IsRefused(result, expected.Select((line, i) => i == 0 ? $"/etc/assimilator.ini: {line}" : line));
    }

    private static void IsRefused(byte[] content, IEnumerable<string> expected)
    {
        using var broken = new BrokenConfiguration();
        File.WriteAllBytes(broken.Backup.ConfigurationFile, content);
        broken.IsRefused(RunWith(broken, broken.Backup.ConfigurationFile), expected);
    }

    private static ProgramResult RunWith(BrokenConfiguration broken, string file) =>
        Programs.Run(Repository.Binary, ["-c", file], broken.Backup.Environment);

    /// <summary>Root may read everything: it becomes somebody else, to whom then everything belongs.</summary>
    private static ProgramResult RunAsNobody(BrokenConfiguration broken)
    {
        if (!Environment.IsPrivilegedProcess)
            return RunWith(broken, broken.Backup.ConfigurationFile);
        var binary = broken.Backup.Directory["assimilator"];
        File.Copy(Repository.Binary, binary);
        Programs.RunOrThrow("chown", ["-R", "65534:65534", broken.Backup.Directory.Path]);
        return Programs.Run(
            "setpriv",
            ["--reuid=65534", "--regid=65534", "--clear-groups", binary, "-c", broken.Backup.ConfigurationFile],
            broken.Backup.Environment);
    }
}
