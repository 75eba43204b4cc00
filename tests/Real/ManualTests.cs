using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>The manual pages, shown by the two programs that show manual pages.</summary>
public sealed class ManualTests : IDisposable
{
    private static readonly Dictionary<string, string?> Terminal = new()
    {
        ["LC_ALL"] = "C.UTF-8",
        ["MANWIDTH"] = "80",
        ["MAN_KEEP_FORMATTING"] = null,
        ["MANROFFOPT"] = "-ww",
    };

    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("assimilator.1")]
    [InlineData("assimilator.ini.5")]
    public void Neither_program_complains(string page)
    {
        var file = Print(page);
        var lint = Programs.Run("mandoc", ["-T", "lint", file]);
        Assert.True(lint is { ExitCode: 0, Everything: "" }, lint.ToString());
        var shown = Programs.Run("man", ["--warnings", "-l", file], Terminal);
        Assert.True(shown is { ExitCode: 0, Error: "" }, shown.ToString());
        Assert.All(shown.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
    }

    [Theory]
    [InlineData("assimilator.1", "assimilator - borgbackup from INI files", "   prune", "--dry-run", "~/.local/state/assimilator", "128+N")]
    [InlineData("assimilator.ini.5", "[retention], [retention.NAME]", "paths_must_exist", "'500MB'", "auto,lzma; none; …", ".nobackup",
        "${NAME}", "systemd's $CREDENTIALS_DIRECTORY", "{utcnow:%Y-%m-%dT%H:%M:%SZ}", "/bin/sh -c '...'", "NAME2=\"value 2\"",
        "    passphrase_file = /etc/assimilator.passphrase\n\n", "assimilator_build_info")]
    public void Both_show_what_is_meant(string page, params string[] expected)
    {
        var file = Print(page);
        var shown = new[]
        {
            Programs.RunOrThrow("sh", ["-c", "mandoc -T utf8 -O width=80 \"$0\" | col -bx", file], Terminal),
            Programs.RunOrThrow("man", ["-l", file], Terminal),
        };
        Assert.All(shown, text => Assert.All(expected, part => Assert.Contains(part, text, StringComparison.Ordinal)));
        // Nothing of the marks or of roff is left.
        Assert.All(shown, text => Assert.DoesNotMatch(@"`|\\[fe(\[&-]|\{(commands|options|codes|synopsis|lists|sections|variables|metrics)\}", text));
    }

    [Fact]
    public void Its_name_is_found_by_whatis()
    {
        Directory.CreateDirectory(_directory["man/man1"]);
        Directory.CreateDirectory(_directory["man/man5"]);
        File.Move(Print("assimilator.1"), _directory["man/man1/assimilator.1"]);
        File.Move(Print("assimilator.ini.5"), _directory["man/man5/assimilator.ini.5"]);
        Programs.RunOrThrow("mandb", ["--create", "--user-db", "--quiet", _directory["man"]], Terminal);
        var found = Programs.RunOrThrow("whatis", ["-M", _directory["man"], "-w", "assimilator*"], Terminal);
        Assert.Matches(@"(?m)^assimilator \(1\) +- \w", found);
        Assert.Matches(@"(?m)^assimilator\.ini \(5\) +- \w", found);
    }

    private string Print(string page) => _directory.Write(page, Programs.RunOrThrow(Repository.Binary, ["print", page]));
}
