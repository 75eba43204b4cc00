using Assimilator.Commands;
using Assimilator.Terminal;

namespace Assimilator.Tests.Unit;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("", nameof(Command.Run), "")]
    [InlineData("run", nameof(Command.Run), "")]
    [InlineData("validate", nameof(Command.Validate), "")]
    [InlineData("print config", nameof(Command.Print), "")]
    [InlineData("forget -c x.ini", nameof(Command.Forget), "x.ini")]
    [InlineData("-c x.ini", nameof(Command.Run), "x.ini")]
    [InlineData("--config x.ini", nameof(Command.Run), "x.ini")]
    [InlineData("--config=x.ini", nameof(Command.Run), "x.ini")]
    [InlineData("--config=a=b", nameof(Command.Run), "a=b")]
    [InlineData("-cx.ini", nameof(Command.Run), "x.ini")]
    [InlineData("run -c x.ini", nameof(Command.Run), "x.ini")]
    [InlineData("-c x.ini run", nameof(Command.Run), "x.ini")]
    [InlineData("-c run", nameof(Command.Run), "run")]
    [InlineData("-c -h", nameof(Command.Run), "-h")]
    [InlineData("validate -c /a/b.ini", nameof(Command.Validate), "/a/b.ini")]
    [InlineData("print -c x.ini config", nameof(Command.Print), "x.ini")]
    [InlineData("-c a run -cb --config=c", nameof(Command.Run), "a b c")]
    [InlineData("status", nameof(Command.Status), "")]
    public void Reads(string arguments, string command, string file)
    {
        var parsed = Parse(arguments, out var problem);
        Assert.Equal((command, file), (parsed?.Command.ToString(), string.Join(' ', parsed?.ConfigurationFiles ?? [])));
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("-h", nameof(Command.Help))]
    [InlineData("--help", nameof(Command.Help))]
    [InlineData("help", nameof(Command.Help))]
    [InlineData("run -h", nameof(Command.Help))]
    [InlineData("nonsense --help", nameof(Command.Help))]
    [InlineData("-c x.ini -h", nameof(Command.Help))]
    [InlineData("-V", nameof(Command.Version))]
    [InlineData("--version", nameof(Command.Version))]
    [InlineData("version", nameof(Command.Version))]
    [InlineData("validate -V", nameof(Command.Version))]
    public void Helps(string arguments, string command)
    {
        Assert.Equal(command, Parse(arguments, out var problem)?.Command.ToString());
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("help", null)]
    [InlineData("--help", null)]
    [InlineData("-c x.ini -h", null)]
    [InlineData("nonsense --help", null)]
    [InlineData("help prune", "prune")]
    [InlineData("prune --help", "prune")]
    [InlineData("-c x.ini prune web -h", "prune")]
    [InlineData("prune --now -h", "prune")]
    [InlineData("help prune -h", "prune")]
    [InlineData("help help", "help")]
    public void Knows_what_help_is_about(string arguments, string? topic)
    {
        var commandLine = Parse(arguments, out _)!;
        Assert.Equal(Command.Help, commandLine.Command);
        Assert.Equal(topic is null ? Usage.General : Usage.Of(CommandTable.Find(topic)!), commandLine.HelpText);
    }

    [Theory]
    [InlineData("run web mail", "web mail", null)]
    [InlineData("run --repository usb web", "web", "usb")]
    [InlineData("borg web --repository=usb -- list", "web", "usb")]
    [InlineData("prune --repository usb", "", "usb")]
    [InlineData("status web", "web", null)]
    public void Chooses(string arguments, string names, string? repository)
    {
        var commandLine = Parse(arguments, out _)!;
        Assert.Equal((names, repository), (string.Join(' ', commandLine.Names), commandLine.Repository));
    }

    [Theory]
    [InlineData("prune", false, false, "")]
    [InlineData("prune --dry-run -c x", true, false, "")]
    [InlineData("prune --yes", false, true, "")]
    [InlineData("--dry-run", true, false, "")]
    [InlineData("run web -n", true, false, "")]
    [InlineData("borg -- list --help -c", false, false, "list --help -c")]
    [InlineData("borg -c x -- -V", false, false, "-V")]
    public void Reads_what_prune_and_borg_need(string arguments, bool dryRun, bool yes, string borgArguments)
    {
        var commandLine = Parse(arguments, out _)!;
        Assert.Equal((dryRun, yes, borgArguments), (commandLine.DryRun, commandLine.Yes, string.Join(' ', commandLine.BorgArguments)));
    }

    [Theory]
    [InlineData("--verbos", "unknown option '--verbos'", "did you mean '--verbose'?")]
    [InlineData("-x", "unknown option '-x'", "known: --config, --repository, --verbose, --quiet, --log-format, --dry-run, --json, --help, --version")]
    [InlineData("--", "borg's arguments come after '--'", "for example: assimilator borg -- list")]
    [InlineData("borg", "borg's arguments come after '--'", "for example: assimilator borg -- list")]
    [InlineData("borg list", "borg's arguments come after '--'", "for example: assimilator borg -- list")]
    [InlineData("borg --", "borg's arguments come after '--'", "for example: assimilator borg -- list")]
    [InlineData("prune -- list", "borg's arguments come after '--'", "for example: assimilator borg -- list")]
    [InlineData("run --yes", "--yes works only with prune", null)]
    [InlineData("check --dry-run", "--dry-run works only with run and prune", null)]
    [InlineData("prune --json", "--json works only with run and status", null)]
    [InlineData("run -v -q", "--verbose and --quiet cannot be used together", null)]
    [InlineData("status -q", "--quiet works only with run, prune and check", null)]
    [InlineData("run --online", "--online works only with validate", null)]
    [InlineData("run --dry-run --json", "--json prints how a run ended, and --dry-run does not run", "use one of them")]
    [InlineData("run --yess", "unknown option '--yess'", "did you mean '--yes'?")]
    [InlineData("run --yes=x", "unknown option '--yes=x'", "did you mean '--yes'?")]
    [InlineData("prune --frobnicate", "unknown option '--frobnicate'", "known: --config, --repository, --verbose, --quiet, --log-format, --dry-run, --yes, --help, --version")]
    [InlineData("prune --yess", "unknown option '--yess'", "did you mean '--yes'?")]
    [InlineData("--conf x.ini", "unknown option '--conf'", "did you mean '--config'?")]
    [InlineData("--hepl", "unknown option '--hepl'", "did you mean '--help'?")]
    [InlineData("-c", "-c needs the path of a configuration", null)]
    [InlineData("--config", "-c needs the path of a configuration", null)]
    [InlineData("--config=", "-c needs the path of a configuration", null)]
    [InlineData("run --config", "-c needs the path of a configuration", null)]
    [InlineData("-c a -c", "-c needs the path of a configuration", null)]
    [InlineData("run --repository", "--repository needs the name of one repository", null)]
    [InlineData("run --repository a --repository b", "--repository needs the name of one repository", null)]
    [InlineData("forget --repository a", "--repository works only with run, prune, check, list, info, extract, mount, diff, compact, init and borg", null)]
    [InlineData("run --instance a --backup b", "--instance works only with forget", null)]
    [InlineData("run --now", "--now works only with check", null)]
    [InlineData("check --seed 5", "--seed needs one number, and --drill", "an earlier drill has printed it")]
    [InlineData("check --drill --seed x", "--seed needs one number, and --drill", "an earlier drill has printed it")]
    [InlineData("prune --gone", "--gone works only with forget", null)]
    [InlineData("forget --gone", "--gone needs a group: --instance and --backup", null)]
    [InlineData("forget --instance a", "--instance and --backup must be used together", "add both, as they appear in the group's labels")]
    [InlineData("forget --backup b --job j", "--instance and --backup must be used together", "add both, as they appear in the group's labels")]
    [InlineData("forget --url http://a", "--instance and --backup must be used together", "add both, as they appear in the group's labels")]
    [InlineData("forget --instance a --backup b --instance c", "--instance needs one value", null)]
    [InlineData("forget --instance a --backup", "--backup needs one value", null)]
    [InlineData("forget --instance a --backup b --job=", "--job needs one value", null)]
    [InlineData("forget --instance a --backup b --label", "--label needs a label: NAME=VALUE", null)]
    [InlineData("forget --instance a --backup b --label site", "--label needs a label: NAME=VALUE, found 'site'", null)]
    [InlineData("forget --instance a --backup b --label a/job=x", "--label: 'a/job' is not the name of a label", null)]
    [InlineData("forget --instance a --backup b --label =x", "--label: '' is not the name of a label", null)]
    [InlineData("forget --instance a --backup b --label job=x", "the label job has an option of its own: --job", null)]
    [InlineData("forget --instance a --backup b --label x=1 --label x=2", "--label names one label twice", null)]
    [InlineData("forget --instance a --backup b --url push:9091", "--url: expected 'http://host:port' or 'https://host:port'", "start it with http:// or https://")]
    [InlineData("forget --instance a --backup b --url http://a/metrics", "--url: expected the base URL, without '/metrics' at the end", null)]
    [InlineData("forget --instance a --backup b --url http://a/?b", "--url: expected 'http://host:port' or 'https://host:port', found a '?' or '#' in it", null)]
    [InlineData("forget --instance a --backup b --url http://u:secret@a", "--url must not contain a user or password", "every user of this host can see them; forget takes them from the configuration: -c FILE")]
    [InlineData("extract", "extract needs more arguments: extract ARCHIVE [PATH...]", null)]
    [InlineData("diff a", "diff needs more arguments: diff ARCHIVE1 ARCHIVE2 [PATH...]", null)]
    [InlineData("mount -- -f", "mount needs more arguments: mount [ARCHIVE] MOUNTPOINT", null)]
    [InlineData("info a b c", "info takes fewer arguments: info [ARCHIVE]", "borg's arguments come after '--'")]
    [InlineData("compact -- --threshold 1", "borg's arguments come after '--'", "for example: assimilator borg -- list")]
    [InlineData("init --encryption repokey-blake", "unknown value of --encryption 'repokey-blake'", "did you mean 'repokey-blake2'?")]
    [InlineData("init --encryption aes", "unknown value of --encryption 'aes'", "known: none, authenticated, authenticated-blake2, repokey, keyfile, repokey-blake2, keyfile-blake2, repokey-aes-ocb, repokey-chacha20-poly1305, repokey-blake2-aes-ocb, repokey-blake2-chacha20-poly1305, keyfile-aes-ocb, keyfile-chacha20-poly1305, keyfile-blake2-aes-ocb, keyfile-blake2-chacha20-poly1305, aes256-ocb, chacha20-poly1305, authenticated-sha256, authenticated-blake3")]
    [InlineData("init --encryption none --encryption none", "--encryption needs one of borg's modes", null)]
    [InlineData("compact --encryption none", "--encryption works only with init", null)]
    [InlineData("print", "print needs one argument", "one of config, alerts, dashboard, snapshot, cronjob, cron, systemd, service, timer, service@, timer@, assimilator.1, assimilator.ini.5, completion-bash, completion-zsh, completion-fish")]
    [InlineData("print allerts", "unknown argument of print 'allerts'", "did you mean 'alerts'?")]
    [InlineData("print x", "unknown argument of print 'x'", "known: config, alerts, dashboard, snapshot, cronjob, cron, systemd, service, timer, service@, timer@, assimilator.1, assimilator.ini.5, completion-bash, completion-zsh, completion-fish")]
    [InlineData("print config again", "print needs one argument", "one of config, alerts, dashboard, snapshot, cronjob, cron, systemd, service, timer, service@, timer@, assimilator.1, assimilator.ini.5, completion-bash, completion-zsh, completion-fish")]
    [InlineData("backup", "unknown command 'backup'", "use: assimilator run")]
    [InlineData("restore latest", "unknown command 'restore'", "use: assimilator extract")]
    [InlineData("frobnicate", "unknown command 'frobnicate'", "commands: assimilator --help; to run a backup of that name: assimilator run frobnicate")]
    [InlineData("list --last 2", "unknown option '--last'", "borg's own options come after '--'")]
    [InlineData("validat", "unknown command 'validat'", "did you mean 'validate'?")]
    [InlineData("Run", "unknown command 'Run'", "did you mean 'run'?")]
    [InlineData("help validat", "unknown command 'validat'", "did you mean 'validate'?")]
    [InlineData("help prune now", "help takes one topic, found 'now'", null)]
    [InlineData("help config intervall", "unknown key 'intervall'", "did you mean 'interval'?")]
    [InlineData("help config pahts", "unknown key 'pahts'", "did you mean 'paths'?")]
    [InlineData("help config xyzzy", "unknown key 'xyzzy'", "all of them: assimilator help config")]
    [InlineData("help metric", "unknown command 'metric'", "did you mean 'metrics'?")]
    [InlineData("version 2", "version takes no argument, found '2'", null)]
    [InlineData("/etc/passwd", "unknown command '/etc/passwd'", "to use a configuration: -c /etc/passwd")]
    [InlineData("\u001b[31m", @"unknown command '\x1b[31m'", @"commands: assimilator --help; to run a backup of that name: assimilator run \x1b[31m")]
    [InlineData("-\u001b[31m", @"unknown option '-\x1b[31m'", "known: --config, --repository, --verbose, --quiet, --log-format, --dry-run, --json, --help, --version")]
    public void Refuses(string arguments, string message, string? hint)
    {
        Assert.Null(Parse(arguments, out var problem));
        Assert.Equal((message, hint), (problem?.Message, problem?.Hint));
    }

    [Theory]
    [InlineData("list", "", "", "")]
    [InlineData("extract a b -c x -- --list --dry-run", "a b", "--list --dry-run", "")]
    [InlineData("extract a --", "a", "", "")]
    [InlineData("init web --encryption=none -- --append-only", "", "--append-only", "none")]
    public void Reads_archives_and_paths(string arguments, string words, string borgArguments, string encryption)
    {
        var commandLine = Parse(arguments, out var problem)!;
        Assert.Null(problem);
        Assert.Equal((words, borgArguments, encryption),
            (string.Join(' ', commandLine.Words), string.Join(' ', commandLine.BorgArguments), commandLine.Encryption ?? ""));
    }

    [Theory]
    [InlineData("check", false, false, null)]
    [InlineData("check --now", true, false, null)]
    [InlineData("check a --drill --seed=7 -c x", false, true, 7)]
    public void Reads_what_to_check(string arguments, bool now, bool drill, int? seed)
    {
        var commandLine = Parse(arguments, out _)!;
        Assert.Equal((Command.Check, now, drill, seed), (commandLine.Command, commandLine.Now, commandLine.Drill, commandLine.Seed));
    }

    [Theory]
    [InlineData("forget --instance web --backup main", "", "", "web main")]
    [InlineData("forget x -c f --url=HTTP://Push:80/ --job j --instance=web --backup main --label site=a=b --label x=", "http://push/", "j", "web main site=a=b x=")]
    [InlineData("forget --instance -c --backup --gone", "", "", "-c --gone")]
    public void Reads_the_group_to_forget(string arguments, string url, string job, string labels)
    {
        var group = Parse(arguments, out var problem)!.Group!;
        Assert.Null(problem);
        Assert.Equal((url, job), (group.Url?.AbsoluteUri ?? "", group.Job ?? ""));
        Assert.Equal(labels, string.Join(' ', [group.Instance, group.Backup, .. group.Labels.Select(label => $"{label.Name}={label.Value}")]));
    }

    [Fact]
    public void Takes_an_empty_argument_as_it_is()
    {
        Assert.Null(CommandLine.Parse([""], out var problem));
        Assert.Equal("unknown command ''", problem?.Message);
        Assert.Null(CommandLine.Parse(["-c", ""], out problem));
        Assert.Equal("-c needs the path of a configuration", problem?.Message);
    }

    [Fact]
    public void Takes_a_path_with_blanks() =>
        Assert.Equal("/a b/c.ini", Assert.Single(CommandLine.Parse(["-c", "/a b/c.ini"], out _)!.ConfigurationFiles));

    private static CommandLine? Parse(string arguments, out Problem? problem) =>
        CommandLine.Parse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), out problem);
}
