using Assimilator.Commands;
using Assimilator.Configuration;

namespace Assimilator.Tests.Unit;

/// <summary>What can come next on a command line.</summary>
public sealed class CompletionTests
{
    private const string Text =
        """
        [backup]
        name = home
        [repository]
        passphrase = correct horse
        [repository.server]
        location = /srv/a
        [repository.usb]
        location = /srv/b
        [streams]
        dumps/shop.sql = /usr/bin/true
        """;

    [Theory]
    [InlineData("print|", "config alerts dashboard snapshot cronjob cron systemd service timer service@ timer@ assimilator.1 assimilator.ini.5 "
        + "completion-bash completion-zsh completion-fish")]
    [InlineData("print|config|", "")]
    [InlineData("version|", "")]
    [InlineData("unknown|", "")]
    [InlineData("-c|", ":ini-files")]
    [InlineData("status|--config=x", ":ini-files")]
    [InlineData("run|", "home")]
    [InlineData("run|-c|x|h", "home")]
    [InlineData("run|home|", "")]
    [InlineData("prune|other|", "")]
    [InlineData("run|--repository|", "server usb")]
    [InlineData("run|--repository=", "--repository=server --repository=usb")]
    [InlineData("list|--stream|", "dumps/shop.sql")]
    [InlineData("init|--encryption|", "none authenticated authenticated-blake2 repokey keyfile repokey-blake2 keyfile-blake2 repokey-aes-ocb repokey-chacha20-poly1305 repokey-blake2-aes-ocb repokey-blake2-chacha20-poly1305 keyfile-aes-ocb keyfile-chacha20-poly1305 keyfile-blake2-aes-ocb keyfile-blake2-chacha20-poly1305 aes256-ocb chacha20-poly1305 authenticated-sha256 authenticated-blake3")]
    [InlineData("forget|--url|", "")]
    [InlineData("prune|--yes|-", "--config --repository --verbose --quiet --log-format --dry-run --help --version")]
    [InlineData("status|-c|x|-", "--config --json --help --version")]
    [InlineData("--", "--config --repository --verbose --quiet --log-format --dry-run --json --help --version")]
    [InlineData("list|", "latest home")]
    [InlineData("list|home|", "latest")]
    [InlineData("mount|latest|", "latest :directories")]
    [InlineData("borg|--|", ":files")]
    [InlineData("help|run|", "")]
    public void Words_options_and_values(string line, string expected) => Assert.Equal(expected, string.Join(' ', Of(line).Select(one => one.Word)));

    [Fact]
    public void Commands_come_first_with_what_they_do() =>
        Assert.Equal(CommandTable.All.Select(row => (row.Name, row.Summary)), Of(""));

    [Fact]
    public void Topics_and_keys_of_help()
    {
        Assert.Equal(CommandTable.Names.Concat(Reference.Names), Of("help|").Select(one => one.Word));
        var keys = Of("help|config|").Select(one => one.Word).ToList();
        Assert.Equal(keys.Distinct(), keys);
        Assert.Equal(Schema.Sections.Concat(Schema.All.Select(key => key.Name)).Distinct().Order(), keys.Order());
    }

    /// <summary>Only where a name is asked for are configurations read, and those that the line names.</summary>
    [Theory]
    [InlineData("run|-c|a.ini|--config=b.ini|", "a.ini b.ini")]
    [InlineData("run|", "")]
    [InlineData("run|-", null)]
    [InlineData("print|", null)]
    [InlineData("", null)]
    public void The_configurations_of_the_line_are_read(string line, string? expected)
    {
        string? asked = null;
        _ = Completion.Of(line.Split('|'), files =>
        {
            asked = string.Join(' ', files);
            return [];
        }).ToList();
        Assert.Equal(expected, asked);
    }

    private static IEnumerable<(string Word, string Help)> Of(string line) => Completion.Of(line.Split('|'),
        _ => [new LoadedConfiguration("x", ConfigurationReader.ReadText(Text, "/x", new Dictionary<string, string>()))]);
}
