using System.Text.RegularExpressions;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

public sealed partial class CommandLineTests
{
    [Theory]
    [InlineData("unknown option '--silent'", "--silent")]
    [InlineData("unknown option '-\\x1b[31m'", "-\u001b[31m")]
    [InlineData("unknown command 'backup'", "backup")]
    [InlineData("there is no backup 'twice'", "run", "twice")]
    [InlineData("print needs one argument", "print")]
    [InlineData("-c needs the path of a configuration", "-c")]
    public void WrongUsageIsRefused(string expected, params string[] arguments)
    {
        var result = Programs.Run(Repository.Binary, arguments);

        Assert.StartsWith($"assimilator: error: {expected}\nassimilator: hint: ", result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
        Assert.Equal(64, result.ExitCode);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    [InlineData("-c", "/missing.ini", "--help")]
    public void HelpIsPrinted(params string[] arguments)
    {
        var output = Succeeds(arguments);

        Assert.StartsWith("Usage:\n  assimilator [run] [-c FILE]... ", output, StringComparison.Ordinal);
        Assert.EndsWith("128+N  ended by signal N\n", output, StringComparison.Ordinal);
        Assert.All(output.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
    }

    [Theory]
    [InlineData("help", "prune")]
    [InlineData("prune", "-c", "/missing.ini", "--help")]
    public void HelpOfACommandIsPrinted(params string[] arguments) =>
        Assert.StartsWith("Usage:\n  assimilator prune [-c FILE] ", Succeeds(arguments), StringComparison.Ordinal);

    [Theory]
    [InlineData("--version")]
    [InlineData("-V")]
    [InlineData("version")]
    public void VersionIsPrinted(string argument) =>
        Assert.Matches(@"\Aassimilator [0-9]+\.[0-9]+\.[0-9]+( \([0-9a-f]{12}(-dirty)?\))?\n\z", Succeeds(argument));

    [Fact]
    public void ExampleIsPrintedByteForByte()
    {
        using var directory = new TestDirectory();
        var copy = directory["copy.ini"];

        Programs.RunOrThrow("/bin/sh", ["-c", "exec \"$0\" print config > \"$1\"", Repository.Binary, copy]);

        Assert.Equal(File.ReadAllBytes(Path.Combine(Repository.Root, "assimilator.ini")), File.ReadAllBytes(copy));
    }

    [Theory]
    [InlineData("> /dev/full", 74, "assimilator: error: the output is incomplete\nassimilator: hint: is the disk full?\n")]
    [InlineData("| true", 0, "")]
    [InlineData(">&-", 0, "")]
    public void WhatIsCutOffIsNoSuccessUnlessTheReaderWantedNoMore(string where, int exitCode, string error)
    {
        var result = Programs.Run("/bin/bash", ["-c", $"set -o pipefail; '{Repository.Binary}' print dashboard {where}"]);

        Assert.Equal((exitCode, error), (result.ExitCode, result.Error));
    }

    /// <summary>With other places the example is in order, and so are the lines that it shows in comments.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ExampleIsInOrder(bool withComments)
    {
        using var backup = new TestBackup();
        backup.WithStandIn().AddScript("preexec", "1");
        var directory = backup.Directory;
        directory.Write("key", "");
        var places = new Dictionary<string, string>
        {
            ["/usr/local/sbin/dump-databases"] = directory["preexec-1"],
            ["/usr/local/bin/borg"] = directory["borg-stand-in"],
            ["/etc/assimilator.passphrase"] = directory["passphrase"],
            ["/etc/assimilator.push-password"] = directory["passphrase"],
            ["/etc/ssl/private-ca.pem"] = new CertificateAuthority(directory).CertificateFile,
            ["/root/.ssh/borg_ed25519"] = directory["key"],
            [";[borg]\n;path"] = "[borg]\npath",
            ["\n;passcommand"] = "\n; Not together with passphrase_file: passcommand",
            ["\n;location"] = "\n; Not together with the other: location",
        };
        var example = places.Aggregate(Succeeds("print", "config"),
            (text, place) => text.Replace(place.Key, place.Value, StringComparison.Ordinal));
        var file = directory.Write("example.ini", withComments ? CommentedLine().Replace(example, "") : example);

        var result = Programs.Run(Repository.Binary, ["validate", "-c", file], backup.Environment);

        Assert.Equal("", result.Error);
        Assert.Equal($"assimilator: {file} is valid\n", result.Output);
        Assert.Equal(0, result.ExitCode);
        Assert.Empty(backup.Calls());
    }

    [GeneratedRegex("^;(?! )", RegexOptions.Multiline)]
    private static partial Regex CommentedLine();

    private static string Succeeds(params string[] arguments)
    {
        var result = Programs.Run(Repository.Binary, arguments);
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        return result.Output;
    }
}
