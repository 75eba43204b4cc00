using System.Text.Json.Serialization;

namespace Assimilator.Report;

/// <summary>What a backup knows about one series of archives, and about the repository that holds it, from one run to
/// the next.</summary>
internal sealed record RepositoryMemory
{
    /// <summary>A repository that is never pruned may have any number.</summary>
    public const int MostArchives = 10_000;

    /// <summary>Borg's id of the repository, whatever the way there; null until an archive was created.</summary>
    public string? Id { get; init; }

    /// <summary>When an archive was last created.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>When the first run that remembers it started.</summary>
    public DateTimeOffset? FirstRun { get; init; }

    /// <summary>How many runs in a row have made no archive; null if that is not known.</summary>
    public int? RunsWithoutArchive { get; init; }

    /// <summary>When the repository was last compacted; before that, when the first archive was created.</summary>
    public DateTimeOffset? LastCompact { get; init; }

    /// <summary>Which archives this backup last pruned, with the names of host and user in it.</summary>
    public string? Pattern { get; init; }

    /// <summary>Null until somebody agreed to what prune deletes, or it deleted nothing.</summary>
    public PruneConsent? Consent { get; init; }

    /// <summary>Why nothing is pruned until somebody has looked at it; null if pruning is not held.</summary>
    public PruneHold? Hold { get; init; }

    /// <summary>Pruning waits for somebody to agree to it; null where nothing is to be pruned.</summary>
    public bool? IsPruneHeld { get; init; }

    /// <summary>The last check that came to an end.</summary>
    public CheckMemory? LastCheck { get; init; }

    /// <summary>When a check last read all data.</summary>
    public DateTimeOffset? LastVerifyData { get; init; }

    /// <summary>The last restore drill that came to an end.</summary>
    public RestoreMemory? LastRestore { get; init; }

    /// <summary>Since when the repository is known to be damaged; null once a check is clean.</summary>
    public DateTimeOffset? DamagedSince { get; init; }

    /// <summary>The archives of this backup that still exist, in no particular order.</summary>
    public IReadOnlyList<ArchiveReference> Archives { get => field ?? []; init; }

    /// <summary>When the first of the runs started that may have made an archive without anybody hearing of it; null if
    /// there is none.</summary>
    public DateTimeOffset? UnreportedSince { get; init; }

    /// <summary>The archive that was created last.</summary>
    public ArchiveReference? LatestArchive { get; init; }

    /// <summary>The same, with what another series knows about the repository as a whole.</summary>
    public RepositoryMemory WithRepositoryOf(RepositoryMemory other) => this with
    {
        LastCompact = other.LastCompact,
        LastCheck = other.LastCheck,
        LastVerifyData = other.LastVerifyData,
        DamagedSince = other.DamagedSince,
    };

    /// <summary>A check that read all data has found nothing wrong, after another backup found damage.</summary>
    public bool Refutes(RepositoryMemory other) => this is { DamagedSince: null, LastCheck.ReturnCode: 0 }
        && LastVerifyData > other.DamagedSince && !(LastVerifyData < other.LastCheck?.EndedAt);

    /// <summary>The newest archive that still exists, as far as that is known.</summary>
    [JsonIgnore]
    public ArchiveReference? NewestArchive => LatestArchive is { } latest && Archives.Any(latest.IsSameAs) ? latest
        : Archives is [var any, ..] ? any : null;
}

/// <summary>How a check ended, and when.</summary>
internal sealed record CheckMemory(DateTimeOffset EndedAt, int ReturnCode, TimeSpan Duration);

/// <summary>How a restore drill ended, and when.</summary>
internal sealed record RestoreMemory(DateTimeOffset EndedAt, int ReturnCode, RestoreFacts? Facts);

/// <summary>Somebody agreed to prune what matches a pattern in a repository.</summary>
internal sealed record PruneConsent(string? RepositoryId, string Pattern);

/// <summary>Why nothing is pruned any more.</summary>
internal sealed record PruneHold(DateTimeOffset Since, string Reason);
