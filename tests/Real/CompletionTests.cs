using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>Completion by the shells themselves.</summary>
public sealed class CompletionTests : IDisposable
{
    // Splits a line as readline does for $COMP_WORDBREAKS.
    private const string Bash =
        """
        source "$SCRIPT"
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        "$(complete -p assimilator | sed 's/.*-F \([^ ]*\) .*/\1/')"
        printf '%s\n' "${COMPREPLY[@]}"
        """;

    // All candidates are put into the line, and the line is written down.
    private const string Zsh =
        """
        zmodload zsh/zpty
        zpty shell zsh -f -i
        zpty -w shell "PROMPT=; autoload -Uz compinit; compinit -u -D; $LOAD
            zstyle ':completion:*' completer _all_matches _complete; zstyle ':completion:*' insert yes
            tell() { print -r -- \$BUFFER > $TOLD; exit }; zle -N tell; bindkey '^X' tell"
        zpty -w -n shell "$1"$'\t\x18'
        while zpty -r shell chunk; do :; done
        cat "$TOLD"
        """;

    private readonly TestDirectory _directory = new();
    private readonly Dictionary<string, string?> _environment;

    public CompletionTests()
    {
        _directory.Write("files/other.txt", "");
        _directory.Write("files/with space.ini", "[backup]\nname = web one\n");
        _directory.Write("files/a.ini",
            """
            [backup]
            name = home
            [repository]
            passphrase = correct horse
            [repository.server]
            location = ssh://backup.invalid/./a
            [repository.usb]
            location = /srv/b
            [streams]
            dumps/shop.sql = /usr/bin/true
            """);
        _directory.MakeDirectory("files/sub");
        _environment = new()
        {
            ["PATH"] = $"{Path.GetDirectoryName(Repository.Binary)}:{Environment.GetEnvironmentVariable("PATH")}",
            ["HOME"] = _directory.MakeDirectory("home"),
            ["LC_ALL"] = "C.UTF-8",
            ["TERM"] = "vt100",
        };
        foreach (var variable in new[] { "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_DATA_DIRS", "ZDOTDIR", "FPATH" })
            _environment[variable] = null;
    }

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string, string> Lines => new()
    {
        { "pr", "prune print" },
        { "show", "show-config" },
        { "prune --d", "--dry-run" },
        { "print completion-", "completion-bash completion-zsh completion-fish" },
        { "help exit", "exit-codes" },
        { "help config restore_", "restore_every restore_files restore_bytes" },
        { "init --encryption authenticated-b", "authenticated-blake2 authenticated-blake3" },
        { "init --encryption=chach", "--encryption=chacha20-poly1305" },
        { "run -c a.ini ", "home" },
        { "run -c a.ini --repository ", "server usb" },
        { "list --config=a.ini --stream d", "dumps/shop.sql" },
        { @"run -c with\ space.ini w", @"web\ one" },
        { "status -c ", @"a.ini sub with\ space.ini" },
        { "status --config=a", "--config=a.ini" },
        { "status -c o", "other.txt" },
        { "mount latest s", "sub" },
        { "borg -- ot", "other.txt" },
        { "version ", "" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void By_bash(string line, string expected)
    {
        // The words of a line, with '=' as one of its own.
        var words = Regex(line).Prepend("assimilator");
        var result = Run("bash", ["--norc", "-c", Bash, "bash", .. words]);
        // Only what follows the '=' is replaced; names of files are quoted by readline.
        var option = line.Split(' ')[^1].Contains('=', StringComparison.Ordinal) ? line.Split(' ')[^1].Split('=')[0] + "=" : "";
        Equal(expected, Parts(result).Select(part => option + (File.Exists(_directory[$"files/{part}"]) ? Quoted(part) : part)));
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void By_zsh(string line, string expected)
    {
        var result = Told($"source {PrintScript("completion-zsh")}", line);
        var kept = $"assimilator {line[..(line.LastIndexOf(' ') + 1)]}";
        Assert.StartsWith(kept, result, StringComparison.Ordinal);
        Equal(expected, Unquoted(result[kept.Length..]));
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void By_fish(string line, string expected)
    {
        var result = Run("fish", ["--no-config", "-c", "source $SCRIPT; complete -C $argv[1]", "--", $"assimilator {line}"]);
        Equal(expected, Parts(result).Select(part => Quoted(part.Split('\t')[0])));
    }

    /// <summary>As a package installs it: in a directory of $fpath.</summary>
    [Fact]
    public void Zsh_loads_it_by_its_name()
    {
        _directory.Write("functions/_assimilator", File.ReadAllText(PrintScript("completion-zsh")), "644");
        Assert.Equal("assimilator show-config ", Told("", "sho", _directory["functions"]));
    }

    [Fact]
    public void A_configuration_that_cannot_be_read_is_passed_over()
    {
        foreach (var file in new[] { "/missing.ini", "/etc", "/dev/zero" })
        {
            var result = Programs.Run(Repository.Binary, ["--complete", "run", "-c", file, "--repository", ""], _environment);
            Assert.Equal((0, ""), (result.ExitCode, result.Everything));
        }
    }

    [Fact]
    public void Shellcheck_finds_nothing() =>
        Programs.RunOrThrow("shellcheck", ["--shell=bash", PrintScript("completion-bash")]);

    private string Told(string load, string line, string functions = "")
    {
        _environment["LOAD"] = load;
        _environment["TOLD"] = _directory["told"];
        _environment["FPATH"] = functions.Length == 0 ? null
            : $"{functions}:{Programs.RunOrThrow("zsh", ["-f", "-c", "print -r -- $FPATH"]).Trim()}";
        return Run("zsh", ["-f", "-c", Zsh, "zsh", $"assimilator {line}"]).TrimEnd('\n');
    }

    /// <summary>Runs a shell in the directory of the files.</summary>
    private string Run(string shell, IEnumerable<string> arguments)
    {
        _environment["SCRIPT"] = PrintScript($"completion-{shell}");
        return Programs.RunOrThrow("sh", ["-c", "cd \"$1\"; shift; exec \"$@\"", "sh", _directory["files"], shell, .. arguments], _environment);
    }

    private string PrintScript(string name) =>
        _directory.Write(name, Programs.RunOrThrow(Repository.Binary, ["print", name]), "644");

    private static IEnumerable<string> Regex(string line) =>
        System.Text.RegularExpressions.Regex.Matches(line, @"=|(?:\\.|[^ =])+|(?<= )$").Select(match => match.Value);

    private static string[] Parts(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Quoted(string word) => word.Replace(" ", "\\ ", StringComparison.Ordinal);

    /// <summary>The words of a line of a shell, still quoted.</summary>
    private static IEnumerable<string> Unquoted(string line) =>
        System.Text.RegularExpressions.Regex.Matches(line, @"(?:\\.|[^ ])+").Select(match => match.Value);

    /// <summary>In any order; a directory may end with a slash.</summary>
    private static void Equal(string expected, IEnumerable<string> found) =>
        Assert.Equal(Unquoted(expected).Order(StringComparer.Ordinal), found.Select(word => word.TrimEnd('/')).Order(StringComparer.Ordinal));
}
