using Assimilator.Tests.Support;
using static Assimilator.Tests.Support.Refusals;

namespace Assimilator.Tests.Binary;

/// <summary>Lines that are not as an INI file has them, and names that are not known.</summary>
public sealed class BrokenConfigurationTests
{
    private const string Slash = "expected 'key = value', found a line that begins with '/'";
    private const string SlashHint =
        "hint: give the path a label: 'label = /path'; start a comment with ';' or '#'";
    private const string NoValueHint = "hint: remove the line, or give it a value";

    [Theory]
    [InlineData("[hoks]\ntimeout = 5m", "FILE:22: [hoks]: " + UnknownSection, "hint: did you mean [hooks]?")]
    [InlineData("[Path]\n1 = /etc", "FILE:22: [path]: " + UnknownSection, "hint: did you mean [paths]?")]
    [InlineData("[email]\nto = root", "FILE:22: [email]: " + UnknownSection, SectionsHint)]
    [InlineData("[]", "FILE:22: []: " + UnknownSection, SectionsHint)]
    [InlineData("[passphrase = hunter22]", "FILE:22: […]: " + UnknownSection + " (not shown, it could be part of a secret)", SectionsHint)]
    [InlineData("[\u001b[31mred]", "FILE:22: [\\x1b[31mred]: " + UnknownSection, SectionsHint)]
    [InlineData("[hooks", "FILE:22: [hooks]: " + OpenHeader, OpenHeaderHint)]
    [InlineData("[hoks ]x\ntimeout = 5m", "FILE:22: [hooks]: " + OpenHeader, OpenHeaderHint)]
    [InlineData("[hooks] ; options\ntimeout = 5m", "FILE:22: [hooks]: " + OpenHeader, OpenHeaderHint)]
    [InlineData("[something", "FILE:22: " + OpenHeader, OpenHeaderHint)]
    [InlineData("= 5", "FILE:22: [state]: expected 'key = value', found nothing before '='")]
    [InlineData("[excludes]\n/home", "FILE:23: [excludes]: " + Slash, SlashHint)]
    [InlineData("[excludes]\n*.o", "FILE:23: [excludes]: " + NoEquals, NoEqualsHint)]
    [InlineData("[excludes]\n1 = a\n1 = b", "FILE:24: [excludes] 1: duplicate key, already set on line 23",
        DuplicateHint)]
    [InlineData("DIRECTORY = /x", "FILE:22: [state] DIRECTORY: duplicate key, already set on line 21", DuplicateHint)]
    [InlineData("[State]\ndirectory=/", "FILE:23: [state] directory: duplicate key, already set on line 21",
        DuplicateHint)]
    [InlineData("[hooks]\ntimeout = ", "FILE:23: [hooks] timeout: has no value", NoValueHint)]
    [InlineData("[hooks]\ntimeout = \"\"", "FILE:23: [hooks] timeout: has no value", NoValueHint)]
    [InlineData("[hooks]\ntimeout = 5m ; long", "FILE:23: [hooks] timeout: " + Comment, CommentHint)]
    [InlineData("[hooks]\ntimeout = 5m\t# long", "FILE:23: [hooks] timeout: " + Comment, CommentHint)]
    [InlineData("[excludes]\n1 = #*#", "FILE:23: [excludes] 1: " + Comment, CommentHint)]
    [InlineData("[preexec]\n2 = /bin/true 'a;b' ; x", "FILE:23: [preexec] 2: " + Comment, WordCommentHint)]
    [InlineData("[preexec]\n2 = \"/bin/true\" # \"x\"", "FILE:23: [preexec] 2: " + Comment, WordCommentHint)]
    [InlineData("[excludes]\n1 = a\u001b[2Jb", "FILE:23: [excludes] 1: contains a control character")]
    [InlineData("[excludes]\n\u001b]0;x\a = /a ;", "FILE:23: [excludes] \\x1b]0;x\\x07: " + Comment, CommentHint)]
    [InlineData("[excludes]\n1 = ${UNDEFINED}",
        "FILE:23: [excludes] 1: the environment variable UNDEFINED is not set", DollarHint)]
    [InlineData("[excludes]\n1 = a${HOME", "FILE:23: [excludes] 1: " + NoVariable, DollarHint)]
    [InlineData("[excludes]\n1 = ${A-b}", "FILE:23: [excludes] 1: " + NoVariable, DollarHint)]
    [InlineData("[excludes]\n1 = ${EMPTY}", "FILE:23: [excludes] 1: has no value: its environment variable is empty")]
    public void LineIsRefused(string added, params string[] expected)
    {
        using var broken = new BrokenConfiguration();
        broken.Backup.Environment["EMPTY"] = "";
        broken.Append(added).IsRefused(expected);
    }

    [Theory]
    [InlineData("[backup]", "intervall = 24h", "[backup] intervall: unknown key", "hint: did you mean 'interval'?")]
    [InlineData("[backup]", "Nmae = x", "[backup] Nmae: unknown key", "hint: did you mean 'name'?")]
    [InlineData("[backup]", "color = red", "[backup] color: unknown key", BackupKeysHint)]
    [InlineData("[backup]", "passphrase_file = /x", "[backup] passphrase_file: unknown key",
        "hint: it is a key of [repository]")]
    [InlineData("[backup]", "timeout = 5m", "[backup] timeout: unknown key",
        "hint: it is a key of [hooks] and [pushgateway]")]
    [InlineData("[backup]", "\u001b[1mx = 5",
        "[backup]: " + HiddenKey, BackupKeysHint)]
    [InlineData("[repository]", "pasphrase_file = /x", "[repository] pasphrase_file: unknown key",
        "hint: did you mean 'passphrase_file'?")]
    [InlineData("[repository]", "\u202eresu = x",
        "[repository]: " + HiddenKey, RepositoryKeysHint)]
    public void KeyIsRefused(string section, string line, string expected, string hint)
    {
        using var broken = new BrokenConfiguration();
        broken.Replace(section, $"{section}\n{line}");
        var number = broken.Text.Split('\n').IndexOf(line) + 1;
        broken.IsRefused([$"FILE:{number}: {expected}", hint]);
    }

    [Fact]
    public void KeyBeforeTheFirstSectionIsRefused()
    {
        using var broken = new BrokenConfiguration();
        broken.Text = $"name = x\n{broken.Text}";
        broken.IsRefused([$"FILE:1: {NoHeader}"]);
    }

    [Fact]
    public void KeysBelowABrokenHeaderBelongToTheSectionThatWasMeant()
    {
        using var broken = new BrokenConfiguration();
        broken.Replace("[repository]", "[repositry ; where to")
            .IsRefused([$"FILE:16: [repository]: {OpenHeader}", OpenHeaderHint]);
    }

    [Fact]
    public void EveryProblemIsListedInTheOrderOfTheFile()
    {
        using var broken = new BrokenConfiguration();
        broken.Replace("[backup]", "[backup]\ncompression = gzip\none_file_system = maybe")
            .Replace("location", "lokation = /srv/borg")
            .Append("[hoks]\n[retention]\ndaily = many\nweekly")
            .IsRefused([
                $"FILE:2: [backup] compression: {Compression}'gzip'",
                $"FILE:3: [backup] one_file_system: {Flag}'maybe'",
                $"FILE:18: [repository] location: is missing, {Location}",
                "FILE:19: [repository] lokation: unknown key",
                "hint: did you mean 'location'?",
                $"FILE:24: [hoks]: {UnknownSection}",
                "hint: did you mean [hooks]?",
                $"FILE:26: [retention] daily: {Keep}'many'",
                $"FILE:27: [retention]: {NoEquals}",
                NoEqualsHint,
            ]);
    }

    [Fact]
    public void MessagesStayShortHoweverLongTheLineIs()
    {
        using var broken = new BrokenConfiguration();
        var text = new string('x', 200_000);
        broken.Append($"[paths]\n{text} = {text}\n[labels]\n{text}").IsRefused([
            $"FILE:23: [paths] {text[..80]}…: {Absolute}, found '{text[..80]}…'",
            AbsoluteHint,
            $"FILE:25: [labels]: {NoEquals}",
            NoEqualsHint,
        ]);
    }
}
