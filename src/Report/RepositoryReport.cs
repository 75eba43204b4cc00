using System.Text.Json.Serialization;

namespace Assimilator.Report;

/// <summary>What a run did with one series of archives, and with the repository that holds it.</summary>
internal sealed record RepositoryReport
{
    /// <summary>As in <c>[repository.NAME]</c>; null if it is the only one.</summary>
    public string? Name { get; init; }

    /// <summary>As the configuration names it.</summary>
    public required string Location { get; init; }

    /// <inheritdoc cref="ArchiveSeries.Stream"/>
    public string? Stream { get; init; }

    [JsonIgnore]
    public ArchiveSeries Series => new(Location, Stream);

    /// <inheritdoc cref="ArchiveSeries.Label"/>
    public string? Label => ArchiveSeries.Label(Name, Stream);

    /// <summary>How often it is meant to get an archive, if the configuration says so.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>How often it is meant to be checked, if the configuration says so.</summary>
    public TimeSpan? CheckInterval { get; init; }

    /// <summary>How often files are meant to be read back from it, if the configuration says so.</summary>
    public TimeSpan? RestoreInterval { get; init; }

    /// <summary>Its disk was not plugged in or its host could not be reached, and that is allowed.</summary>
    public bool IsAbsent { get; init; }

    /// <summary>Somebody chose another repository for this run.</summary>
    public bool IsLeftOut { get; init; }

    /// <summary>The results, in the order in which the steps ran.</summary>
    public IReadOnlyList<StepResult> Steps { get => field ?? []; init; }

    /// <summary>What is known from earlier runs and this one; the state has it beside the report.</summary>
    [JsonIgnore]
    public RepositoryMemory Memory { get => field ?? new(); init; }

    /// <summary>When an archive was last created, in this run or an earlier one; null if that is not known.</summary>
    public DateTimeOffset? LastSuccess => Memory.LastSuccess;

    /// <summary>What other backups of this host know of any repository.</summary>
    [JsonIgnore]
    public IReadOnlyList<Neighbour> Others { get => field ?? []; init; }

    /// <summary>Those of them that are in the same repository, as far as its id is known.</summary>
    private IEnumerable<Neighbour> Neighbours => Others.Where(
        other => other.Location == Location || (Id is not null && other.Memory.Id == Id));

    /// <summary>Known damage, whoever found it; what this backup has checked since then, data and all, refutes
    /// another.</summary>
    [JsonIgnore]
    public RepositoryDamage? Damage => Memory.DamagedSince is { } own
        ? new(own, null) { ClearedBy = Neighbours.FirstOrDefault(other => other.Memory.Refutes(Memory))?.Backup }
        : Neighbours.Where(other => other.Memory.DamagedSince is not null && !Memory.Refutes(other.Memory))
            .Select(other => new RepositoryDamage(other.Memory.DamagedSince!.Value, other.Backup)).FirstOrDefault();

    /// <summary>Another backup whose pruning is on hold in the same repository; null if there is none.</summary>
    [JsonIgnore]
    public Neighbour? HeldNeighbour => Neighbours.FirstOrDefault(other => other.Memory.Hold is not null);

    /// <summary>What its archives were like before this run.</summary>
    [JsonIgnore]
    public UsualArchive? Usual { get; init; }

    /// <summary>How long the last archive took; null if that is not known.</summary>
    [JsonIgnore]
    public TimeSpan? LastDuration { get; init; }

    /// <summary><see cref="RepositoryMemory.RunsWithoutArchive"/> with this run, unless it was allowed to make
    /// none.</summary>
    public int? RunsWithoutArchive => HasArchive ? 0
        : IsAbsent || IsLeftOut ? Memory.RunsWithoutArchive
        : Memory.RunsWithoutArchive + 1;

    /// <summary>This run's archive is the first one in this repository that is known, so all of it is new.</summary>
    public bool IsFirstArchive { get; init; }

    /// <summary>The recorded last success lies in the future, so it cannot be true.</summary>
    public bool IsLastSuccessWrong { get; init; }

    /// <summary>Prune deleted the archive that this run had just created.</summary>
    public bool IsArchiveDeleted { get; init; }

    public bool HasArchive => Archive is not null && !IsArchiveDeleted;

    /// <summary>The archive that this run created.</summary>
    public ArchiveFacts? Archive => Step(StepKind.Create)?.Archive;

    /// <summary>The archive that this run created, as a list of borg shows it.</summary>
    public ArchiveReference? OwnArchive => Archive is { Name: { } name } archive ? new(name, archive.Id) : null;

    /// <summary>Borg's id of the repository, if it ever reported one.</summary>
    public string? Id => Archive?.RepositoryId ?? Memory.Id;

    /// <summary>The last result of a step; null if it did not run.</summary>
    public StepResult? Step(StepKind kind) => Steps.LastOrDefault(step => step.Kind == kind);

    /// <summary>The same, but the last create has made an archive, although borg ended with an error.</summary>
    /// <param name="now">When it was found.</param>
    public RepositoryReport WithFound(ArchiveFacts archive, DateTimeOffset now)
    {
        var create = Step(StepKind.Create)!;
        return (this with { Steps = [.. Steps.Where(step => step != create)] })
            .With(create with { Archive = archive }, now);
    }

    /// <summary>The same, with archives that earlier runs made without reporting them.</summary>
    public RepositoryReport WithUnreported(IReadOnlyList<ArchiveFacts> found) => this with
    {
        Memory = Memory with
        {
            UnreportedSince = null,
            Archives =
            [
                .. found.Select(archive => new ArchiveReference(archive.Name!, archive.Id)), .. Memory.Archives,
            ],
        },
    };

    /// <summary>The same after one more step. A clock that was set back does not move the last success back.</summary>
    /// <param name="now">When the step ended.</param>
    public RepositoryReport With(StepResult step, DateTimeOffset now)
    {
        var report = this with { Steps = [.. Steps, step] };
        if (step.Kind == StepKind.Compact && step.Outcome != BorgOutcome.Error)
            return report with { Memory = Memory with { LastCompact = now } };
        if (step.Kind is StepKind.Check or StepKind.Restore)
            return step.IsVerdict ? report with { Memory = After(step, now) } : report;
        if (step.Archive is null)
            return report;
        var isNew = Memory.Id is { } id && id != report.Id;
        // What was found in another repository says nothing about this one.
        var memory = !isNew ? Memory
            : Memory with { LastCheck = null, LastVerifyData = null, LastRestore = null, DamagedSince = null };
        return report with
        {
            IsFirstArchive = LastSuccess is null || isNew,
            Memory = memory with
            {
                Id = report.Id,
                LastSuccess = LastSuccess > now ? LastSuccess : now,
                LastCompact = Memory.LastCompact ?? now,
                LatestArchive = report.OwnArchive ?? Memory.LatestArchive,
                Archives = [.. Memory.Archives.Concat(report.OwnArchive is { } own ? [own] : [])
                    .TakeLast(RepositoryMemory.MostArchives)],
            },
        };
    }

    private TimeSpan Duration(StepKind kind)
    {
        var sum = TimeSpan.Zero;
        foreach (var step in Steps)
            sum += step.Kind == kind ? step.Duration : TimeSpan.Zero;
        return sum;
    }

    /// <summary>What is known after a check or a restore. Damage ends with a clean check that read all data.</summary>
    private RepositoryMemory After(StepResult step, DateTimeOffset now)
    {
        var isGood = step.Outcome != BorgOutcome.Error;
        if (step.Kind == StepKind.Restore)
            return Memory with
            {
                LastRestore = new(now, step.ReturnCode, step.Restore),
                DamagedSince = step.Restore is null or { Unreadable: > 0 } ? Memory.DamagedSince ?? now
                    : Memory.DamagedSince,
            };
        if (isGood && step.Check is not { IsLast: true })
            return Memory;
        return Memory with
        {
            LastCheck = new(now, step.ReturnCode, Duration(StepKind.Check) + step.Duration),
            LastVerifyData = step.Check is { VerifiedData: true } ? now : Memory.LastVerifyData,
            DamagedSince = !isGood ? Memory.DamagedSince ?? now
                : step.Check is { VerifiedData: true } ? null : Memory.DamagedSince,
        };
    }
}
