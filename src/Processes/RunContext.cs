using Assimilator.Terminal;

namespace Assimilator.Processes;

/// <summary>What surrounds a run.</summary>
/// <param name="Environment">As this process was started with it.</param>
/// <param name="Selection">What a command needs to mean the same backup: empty, or for example
/// <c> -c /etc/web.ini</c>.</param>
internal sealed record RunContext(
    IReadOnlyDictionary<string, string> Environment, TimeProvider Clock, Interruption Interruption, Messages Messages,
    string Selection = "")
{
    /// <summary>One of several repositories, or of several streams: messages begin with its name, and commands choose
    /// the repository.</summary>
    /// <param name="label">Null if there is only one.</param>
    /// <param name="repository">Null if there is only one.</param>
    public RunContext About(string? label, string? repository) => this with
    {
        Messages = Messages.About(label),
        Selection = repository is null ? Selection : $"{Selection} --repository {repository}",
    };

    /// <summary>How to run a command of this program for the same backup, as hints show it.</summary>
    public string Command(string name) => $"assimilator {name}{Selection}";
}
