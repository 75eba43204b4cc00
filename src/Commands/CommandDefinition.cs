namespace Assimilator.Commands;

internal enum Command
{
    Run,
    Status,
    Validate,
    ShowConfig,
    Prune,
    Check,
    List,
    Info,
    Extract,
    Mount,
    Diff,
    Compact,
    Init,
    Borg,
    Print,
    Forget,
    Help,
    Version,
}

/// <summary>One command: what it takes, and what help says about it.</summary>
/// <param name="Arguments">Its arguments besides options, as its synopsis shows them.</param>
/// <param name="Summary">What it does, in a line.</param>
/// <param name="Description">What it does, in a few sentences: one paragraph a line.</param>
/// <param name="Example">A call that somebody may want.</param>
internal sealed record CommandDefinition(
    Command Command, string Name, string Arguments, string Summary, string Description, string Example)
{
    public IReadOnlyList<OptionDefinition> Options { get; init; } = [];

    /// <summary>It works with one backup at a time.</summary>
    public bool IsForOneBackup { get; init; }

    /// <summary>Borg takes over: it works with one repository, in the directory and on the terminal of the
    /// user.</summary>
    public bool BecomesBorg { get; init; }

    /// <summary>Arguments of borg may follow <c>--</c>.</summary>
    public bool TakesBorgArguments { get; init; }

    /// <summary>How many archives and paths it takes, if it takes any in place of the names of backups.</summary>
    public (int Least, int Most)? ArchiveWords { get; init; }

    /// <summary>Code and meaning, where they are other than those of a run.</summary>
    public IReadOnlyList<(string Code, string Meaning)> ExitCodes { get; init; } = [];

    public bool Takes(OptionDefinition option) => Options.Contains(option) || OptionTable.Common.Contains(option);
}
