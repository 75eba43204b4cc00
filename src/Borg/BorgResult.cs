using Assimilator.Processes;

namespace Assimilator.Borg;

/// <summary>What came out of one borg process.</summary>
/// <param name="Exit">How it ended.</param>
/// <param name="Status">What that means.</param>
/// <param name="Stdout">The first 4 MiB of its standard output.</param>
/// <param name="Warnings">How many log messages of level WARNING it wrote.</param>
/// <param name="Errors">How many log messages of level ERROR or CRITICAL it wrote.</param>
internal sealed record BorgResult(ChildExit Exit, BorgExitStatus Status, BoundedBuffer Stdout, int Warnings, int Errors)
{
    /// <summary>The version that borg said it has, if it said so.</summary>
    public string? Version { get; init; }

    /// <summary>Borg 1.1 has no <c>compact</c>: its <c>prune</c> gives the space back.</summary>
    public bool CompactsInPrune => Version?.StartsWith("1.1.", StringComparison.Ordinal) == true;

    /// <summary>Archives that <c>prune --list</c> said it keeps and deletes.</summary>
    public int KeptArchives { get; init; }

    /// <inheritdoc cref="KeptArchives"/>
    public int DeletedArchives { get; init; }
}
