using Assimilator.Tests.Support;
using static Assimilator.Tests.Support.Refusals;

namespace Assimilator.Tests.Binary;

/// <summary>Mistakes around a secret. Each holds the canary, which no message may show.</summary>
public sealed class BrokenSecretsTests
{
    private const string Second = "is already set: use one of passphrase, passphrase_file, passcommand";
    private const string SlashHint = "hint: in a user name or password, write '/' as %2F";
    private const string Hidden = "the path (not shown, it could be a secret) does not exist";
    private const string Misplaced = "is a key of [repository], not part of a list";
    private const string MisplacedHint = "hint: is the header [repository] missing or commented out?";

    [Theory]
    [InlineData("passphrase hunter2", "FILE:18: [repository]: " + NoEquals, NoEqualsHint)]
    [InlineData("passphrase: hunter2", "FILE:18: [repository]: " + NoEquals, NoEqualsHint)]
    [InlineData("hunter2 = x", "FILE:18: [repository]: " + HiddenKey, RepositoryKeysHint)]
    [InlineData("hunter2=", "FILE:18: [repository]: " + HiddenKey, RepositoryKeysHint)]
    [InlineData("passphrase hunter2 = x", "FILE:18: [repository]: " + HiddenKey, RepositoryKeysHint)]
    [InlineData("passphrase:hu=nter2", "FILE:18: [repository]: " + HiddenKey, "hint: did you mean 'passphrase'?")]
    [InlineData("passphrase = xyz\n[hunter2", "FILE:19: " + OpenHeader, OpenHeaderHint)]
    [InlineData("hunter2 = x\nhunter2 = y", "FILE:18: [repository]: " + HiddenKey, RepositoryKeysHint,
        "FILE:19: [repository]: duplicate key, already set on line 18")]
    [InlineData("passphrase = hunter2\npassphrase = hunter2",
        "FILE:19: [repository] passphrase: duplicate key, already set on line 18", DuplicateHint)]
    [InlineData("passphrase = hunter2 # old", "FILE:18: [repository] passphrase: " + Comment, CommentHint)]
    [InlineData("passphrase = #hunter2", "FILE:18: [repository] passphrase: " + Comment, CommentHint)]
    [InlineData("passphrase = hunter2\u001b[0m", "FILE:18: [repository] passphrase: contains a control character")]
    [InlineData("passphrase = ${hunter2}",
        "FILE:18: [repository] passphrase: refers to an environment variable that is not set", DollarHint)]
    [InlineData("passphrase = ${hunter2",
        "FILE:18: [repository] passphrase: " + NoVariable, DollarHint)]
    [InlineData("passphrase_file = hunter2", "FILE:18: [repository] passphrase_file: " + Absolute, AbsoluteHint)]
    [InlineData("passcommand = echo 'hunter2", "FILE:18: [repository] passcommand: " + OpenQuote)]
    [InlineData("passcommand = echo hunter2\npassphrase = hunter2",
        "FILE:18: [repository] passcommand: passphrase " + Second)]
    [InlineData("passphrase = hunter2\npassphrase_file = hunter2\npasscommand = echo hunter2",
        "FILE:19: [repository] passphrase_file: passphrase " + Second,
        "FILE:20: [repository] passcommand: passphrase " + Second)]
    [InlineData("passphrase_file = /hunter2", "FILE:18: [repository] passphrase_file: " + Hidden)]
    [InlineData("passphrase_file = /Gk3/hunter2", "FILE:18: [repository] passphrase_file: " + Hidden)]
    [InlineData("passphrase_file = DIR/passphrase\nidentity_file = hunter2",
        "FILE:19: [repository] identity_file: " + Absolute, AbsoluteHint)]
    public void RepositoryKeepsIt(string lines, params string[] expected)
    {
        using var broken = new BrokenConfiguration();
        broken.Replace("passphrase_file", lines).IsRefused(expected);
    }

    [Theory]
    [InlineData("ssh://borg:hunter2@nas/srv/borg")]
    [InlineData("ssh://borg:hunter2@nas/srv/borg::daily")]
    [InlineData("ssh://borg:hunter2/x@nas/srv/borg")]
    [InlineData("ssh://borg:x@hunter2@nas/srv/borg")]
    [InlineData("sftp://borg:hunter2@nas/srv/borg")]
    [InlineData("borg:hunter2@nas:/srv/borg")]
    [InlineData("ssh:borg:hunter2@nas")]
    public void LocationKeepsIt(string location)
    {
        using var broken = new BrokenConfiguration();
        broken.Replace("location", $"location = {location}").IsRefused([
            $"FILE:17: [repository] location: {Location}, found a password in it",
            "hint: use identity_file instead of a password",
        ]);
    }

    [Theory]
    [InlineData("u:hunter2@push.example.org", BaseUrl, SchemeHint)]
    [InlineData("ftp://u:hunter2@push.example.org", BaseUrl)]
    [InlineData("http://u:hunter2@push.example.org:port", BaseUrl, PortHint)]
    [InlineData("http://u:hunter2@push.example.org?x", BaseUrl + ", found a '?' or '#' in it")]
    [InlineData("http://localhost:9091/hunter2@push.example.org", BaseUrl + ", found a '/' before the '@'", SlashHint)]
    [InlineData(@"http:\\u:1/hunter2@push.example.org", BaseUrl + ", found a '/' before the '@'", SlashHint)]
    [InlineData(@"http:/\u:1/hunter2@push.example.org", BaseUrl + ", found a '/' before the '@'", SlashHint)]
    [InlineData("https://u:hunter2/hunter2@push.example.org", BaseUrl, PortHint)]
    [InlineData("https://u:hunter2\\hunter2@push.example.org", BaseUrl, PortHint)]
    [InlineData("https://hunter2/hunter2@push.example.org", BaseUrl + ", found a '/' before the '@'", SlashHint)]
    [InlineData("http://u:hunter2@push.example.org/metrics", "expected the base URL, without '/metrics' at the end")]
    [InlineData("http://u:hunter2@push.example.org ; gateway", Comment, CommentHint)]
    [InlineData("http://u:${hunter2}@push.example.org", "refers to an environment variable that is not set", DollarHint)]
    public void UrlKeepsIt(string url, string expected, params string[] hint)
    {
        using var broken = new BrokenConfiguration();
        broken.Append($"[pushgateway]\nurl = {url}").IsRefused([$"FILE:23: [pushgateway] url: {expected}", .. hint]);
    }

    [Theory]
    [InlineData("password hunter2", "FILE:24: [pushgateway]: " + NoEquals, NoEqualsHint)]
    [InlineData("hunter2 = x", "FILE:24: [pushgateway]: " + HiddenKey, PushgatewayKeysHint)]
    [InlineData("bearer_token_file = hunter2", "FILE:24: [pushgateway] bearer_token_file: " + Absolute, AbsoluteHint)]
    [InlineData("username = u\npassword_file = hunter2", "FILE:25: [pushgateway] password_file: " + Absolute,
        AbsoluteHint)]
    public void PushgatewayKeepsIt(string lines, params string[] expected)
    {
        using var broken = new BrokenConfiguration();
        broken.Append($"[pushgateway]\nurl = http://push.example.org\n{lines}").IsRefused(expected);
    }

    [Theory]
    [InlineData("[labels]\npassphrase = hunter2", "FILE:23: [labels] passphrase: " + Misplaced, MisplacedHint)]
    [InlineData("[excludes]\n;[repository]\nPassphrase = hunter2", "FILE:24: [excludes] Passphrase: " + Misplaced,
        MisplacedHint)]
    [InlineData("[postexec]\npassword = hunter2",
        "FILE:23: [postexec] password: is a key of [pushgateway], not part of a list",
        "hint: is the header [pushgateway] missing or commented out?")]
    [InlineData("[hooks]\npassphrase = hunter2", "FILE:23: [hooks] passphrase: unknown key",
        "hint: it is a key of [repository]")]
    [InlineData("[secrets]\npassphrase = hunter2", "FILE:22: [secrets]: " + UnknownSection, SectionsHint)]
    [InlineData("[preexec]\n2 = PGPASSWORD=hunter2 /usr/bin/pg_dump", "FILE:23: [preexec] 2: " + Script, ScriptHint)]
    [InlineData("[preexec]\nPGPASSWORD=hunter2 /usr/bin/pg_dump", "FILE:23: [preexec] PGPASSWORD: " + Script, ScriptHint)]
    [InlineData("[borg]\nenvironment = BORG_PASSPHRASE=hunter2",
        "FILE:23: [borg] environment: BORG_PASSPHRASE is not allowed here",
        "hint: use passphrase, passphrase_file or passcommand in [repository]")]
    [InlineData("[borg]\nenvironment = A=b hunter2",
        "FILE:23: [borg] environment: expected 'NAME=value' (put a value with spaces in double quotes)")]
    [InlineData("[borg]\ncreate_arguments = --comment 'hunter2", "FILE:23: [borg] create_arguments: " + OpenQuote)]
    public void OtherSectionKeepsIt(string added, params string[] expected)
    {
        using var broken = new BrokenConfiguration();
        broken.Append(added).IsRefused(expected);
    }

    [Fact]
    public void LineAboveTheFirstSectionKeepsIt()
    {
        using var broken = new BrokenConfiguration();
        broken.Text = $"passphrase = {BrokenConfiguration.Canary}\n{broken.Text}";
        broken.IsRefused([$"FILE:1: {NoHeader}"]);
    }

    [Theory]
    [InlineData("passphrase = hunter2", "FILE:18: [repository] passphrase: ", "move the secret to its own file")]
    [InlineData("[pushgateway]\nurl = http://h\nusername = u\npassword = hunter2",
        "FILE:21: [pushgateway] password: ", "move the secret to its own file")]
    [InlineData("[pushgateway]\nurl = http://u:hunter2@h",
        "FILE:19: [pushgateway] url: ", "use username and password_file")]
    public void FileThatEverybodyCanReadHoldsNone(string lines, string place, string remedy)
    {
        using var broken = new BrokenConfiguration();
        broken.Replace("passphrase_file", lines).IsRefused(
            [$"{place}contains a secret, but FILE is readable by everyone", $"hint: chmod o= FILE, or {remedy}"], "644");
    }
}
