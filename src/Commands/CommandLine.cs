using Assimilator.Configuration;
using Assimilator.Terminal;

namespace Assimilator.Commands;

internal enum Command
{
    Run,
    Validate,
    Print,
    Forget,
    Help,
    Version,
}

/// <summary>What the arguments ask for.</summary>
/// <param name="ConfigurationFile">As the user named it, or the default.</param>
/// <param name="Printed">What <see cref="Command.Print"/> prints.</param>
internal sealed record CommandLine(Command Command, string ConfigurationFile, EmbeddedFile? Printed = null)
{
    public const string Usage =
        """
        Usage: assimilator [run] [-c FILE]
          or:  assimilator validate [-c FILE]
          or:  assimilator forget [-c FILE]
          or:  assimilator print (config | alerts | dashboard | systemd)

        Backs up with borg as an INI file says, runs the scripts around it, prunes,
        and reports to a Prometheus Pushgateway, whatever happened.

        Commands:
          run                 back up and report (what happens without a command)
          validate            check the configuration and run nothing
          forget              delete what the Pushgateway and the textfile hold of
                              this backup: for a host that is no more
          print config        print a commented example configuration
          print alerts        print alert rules for Prometheus
          print dashboard     print a dashboard for Grafana
          print systemd       print a service and a timer; each of them alone:
                              print service, print timer

        Options:
          -c, --config FILE   the configuration (default: /etc/assimilator.ini)
          -h, --help          show this help
          -V, --version       show the version

        Exit codes:
          0      everything succeeded
          1      an archive was created, but something wants attention
          2      no archive was created
          64     wrong usage
          69     forget: the report could not be found or deleted
          74     print: what was printed is not complete
          75     not run this time: locked, or a preexec script asked to skip
          78     configuration error
          128+N  ended by signal N

        """;

    /// <summary>Reads the arguments.</summary>
    /// <param name="problem">What is wrong with them, if null is returned.</param>
    public static CommandLine? Parse(IReadOnlyList<string> arguments, out string? problem)
    {
        problem = null;
        var words = new List<string>();
        string? file = null;
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument is "-h" or "--help")
                return new CommandLine(Command.Help, "");
            if (argument is "-V" or "--version")
                return new CommandLine(Command.Version, "");

            string? named = null;
            if (argument is "-c" or "--config")
                named = ++i < arguments.Count ? arguments[i] : "";
            else if (argument.StartsWith("--config=", StringComparison.Ordinal))
                named = argument["--config=".Length..];
            else if (argument.StartsWith("-c", StringComparison.Ordinal))
                named = argument[2..];
            else if (argument.StartsWith('-'))
                problem = $"unknown option '{PlainText.Excerpt(argument)}'";
            else
                words.Add(argument);

            if (named is { Length: 0 })
                problem = "-c needs the path of a configuration";
            else if (named is not null && file is not null)
                problem = "-c is given twice; one run is one backup";
            file ??= named;
            if (problem is not null)
                return null;
        }
        var printed = words is ["print", var name] ? EmbeddedFile.All.FirstOrDefault(file => file.Name == name) : null;
        var command = printed is null ? CommandOf(words) : Command.Print;
        if (command is not null)
            return new CommandLine(command.Value, file ?? ConfigurationReader.DefaultFile, printed);
        problem = words is ["print", ..]
            ? $"print what? known are {string.Join(", ", EmbeddedFile.All.Select(file => file.Name))}"
            : $"unknown command '{PlainText.Excerpt(string.Join(' ', words))}'"
                + (File.Exists(words[0]) ? "; a configuration is named with -c" : "");
        return null;
    }

    private static Command? CommandOf(List<string> words) => words switch
    {
        [] or ["run"] => Command.Run,
        ["validate"] => Command.Validate,
        ["forget"] => Command.Forget,
        ["help"] => Command.Help,
        ["version"] => Command.Version,
        _ => null,
    };
}
