using Assimilator.Borg;

namespace Assimilator.Commands;

/// <summary>One option of the command line.</summary>
/// <param name="Name">Its long form, such as <c>--config</c>.</param>
/// <param name="Value">The name of its value in help; null if it has none.</param>
/// <param name="Help">What it is for.</param>
internal sealed record OptionDefinition(string Name, string? Value, string Help)
{
    /// <summary>Its short form, such as <c>-c</c>.</summary>
    public string? Letter { get; init; }

    /// <summary>What its value has to be, to be read behind "needs".</summary>
    public string Needs { get; init; } = "one value";

    /// <summary>The values that it can have; none for any.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    public bool IsRepeatable { get; init; }

    /// <summary>The name that messages use.</summary>
    public string ShortName => Letter ?? Name;

    /// <summary>As help lists it.</summary>
    public string Form => $"{(Letter is null ? "" : $"{Letter}, ")}{Name}{(Value is null ? "" : $" {Value}")}";

    /// <summary>As the synopsis of a command shows it.</summary>
    public string Synopsis => $"[{ShortName}{(Value is null ? "" : $" {Value}")}]";

    /// <summary>True if an argument is this option.</summary>
    /// <param name="value">What follows it in the same argument; null if nothing does.</param>
    public bool Is(string argument, out string? value)
    {
        value = null;
        if (argument == Name || argument == Letter)
            return true;
        if (Value is null)
            return false;
        if (argument.StartsWith($"{Name}=", StringComparison.Ordinal))
            value = argument[(Name.Length + 1)..];
        else if (Letter is not null && argument.StartsWith(Letter, StringComparison.Ordinal))
            value = argument[Letter.Length..];
        return value is not null;
    }
}

/// <summary>Every option, in the order in which help shows them.</summary>
internal static class OptionTable
{
    public static readonly OptionDefinition Config = new("--config", "FILE",
        "configuration; can be repeated (default: /etc/assimilator.ini and /etc/assimilator.d/*.ini)")
    {
        Letter = "-c",
        Needs = "the path of a configuration",
        IsRepeatable = true,
    };

    public static readonly OptionDefinition Repository = new("--repository", "NAME", "use only [repository.NAME]")
    {
        Needs = "the name of one repository",
    };

    public static readonly OptionDefinition Stream = new("--stream", "FILE",
        "use only the archives of this file of [streams]")
    {
        Needs = "the name of one stream",
    };

    public static readonly OptionDefinition DryRun = new("--dry-run", null,
        "show what would happen, but change nothing")
    {
        // As borg has it.
        Letter = "-n",
    };

    public static readonly OptionDefinition Verbose = new("--verbose", null,
        "show everything, as with [logging] level = debug")
    {
        Letter = "-v",
    };

    public static readonly OptionDefinition Quiet = new("--quiet", null, "show only warnings and errors")
    {
        Letter = "-q",
    };

    public static readonly OptionDefinition LogFormat = new("--log-format", "FORMAT",
        "text, or json with one object per line (see assimilator help log-json)")
    {
        Needs = "text or json",
        Choices = ["text", "json"],
    };

    public static readonly OptionDefinition Online = new("--online", null,
        "contact the repositories and the Pushgateway, without changing anything");

    public static readonly OptionDefinition Yes = new("--yes", null, "delete without asking");
    public static readonly OptionDefinition Now = new("--now", null, "check now, due or not");
    public static readonly OptionDefinition Drill = new(
        "--drill", null, "restore drill: read files back now, due or not");

    public static readonly OptionDefinition Seed = new("--seed", "N", "read the files that an earlier drill chose")
    {
        Needs = "one number, and --drill",
    };

    public static readonly OptionDefinition Json = new("--json", null, "print JSON, for other programs");

    public static readonly OptionDefinition Encryption = new("--encryption", "MODE",
        $"how to encrypt, as borg names it (default: {BorgDialect.Default.DefaultEncryption}; "
            + $"borg 2: {BorgDialect.Of(BorgDialect.Newest).DefaultEncryption})")
    {
        Needs = "one of borg's modes",
        Choices = BorgDialect.Encryptions,
    };

    public static readonly OptionDefinition Instance = new("--instance", "NAME",
        "the label `instance` of the report, with --backup");

    public static readonly OptionDefinition Backup = new("--backup", "NAME",
        "the label `backup` of the report, with --instance");

    public static readonly OptionDefinition Job = new("--job", "NAME",
        "the label `job` of the report (default: the one in the configuration)");

    public static readonly OptionDefinition Label = new("--label", "KEY=VALUE", "a further label; can be repeated")
    {
        Needs = "a label: NAME=VALUE",
        IsRepeatable = true,
    };

    public static readonly OptionDefinition Url = new("--url", "URL",
        "the Pushgateway (default: the one in the configuration)");

    public static readonly OptionDefinition Gone = new("--gone", null,
        "the Pushgateway no longer exists, so only stop the warnings about this report");

    public static readonly OptionDefinition Help = new("--help", null, "show help, or help for a single command")
    {
        Letter = "-h",
    };

    public static readonly OptionDefinition Version = new("--version", null, "show the version") { Letter = "-V" };

    public static readonly IReadOnlyList<OptionDefinition> All =
    [
        Config, Repository, Stream, Verbose, Quiet, LogFormat, DryRun, Online, Yes, Now, Drill, Seed, Json, Encryption,
        Instance, Backup, Job, Label, Url, Gone, Help, Version,
    ];

    /// <summary>Those that any command accepts, even if it has no use for them.</summary>
    public static readonly IReadOnlyList<OptionDefinition> Common = [Config, Help, Version];
}
