using Assimilator.Terminal;

namespace Assimilator.Processes;

/// <summary>What every part of a run needs from outside.</summary>
/// <param name="Environment">The variables that this process was started with.</param>
internal sealed record RunContext(
    IReadOnlyDictionary<string, string> Environment, TimeProvider Clock, Interruption Interruption, Messages Messages);
