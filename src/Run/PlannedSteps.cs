using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Pushgateway;
using Assimilator.Report;

namespace Assimilator.Run;

/// <summary>One step that a run would take.</summary>
/// <param name="Label">Of the series that it is about; null for the whole run.</param>
/// <param name="What">The command, as a shell reads it, or what is looked at or written.</param>
internal sealed record PlannedStep(string? Label, string Name, string What)
{
    /// <summary>What else has to happen for it; null for nothing.</summary>
    public string? If { get; init; }

    public override string ToString() => $"{Name}{(If is null ? "" : $", {If}")}: {What}";
}

/// <summary>The steps that a run would take if all went well, in its order, by the configuration and what is remembered
/// of earlier runs.</summary>
internal sealed class PlannedSteps(
    BackupConfiguration configuration, RunReport report, IReadOnlyDictionary<string, string> environment)
{
    private readonly DateTimeOffset _now = report.StartedAt;
    private readonly BorgDialect _dialect = BorgDialect.Of(report.Borg);

    /// <param name="report">As it is before the first step.</param>
    /// <param name="environment">As this process was started with it.</param>
    public static IReadOnlyList<PlannedStep> Of(
        BackupConfiguration configuration, RunReport report, IReadOnlyDictionary<string, string> environment) =>
        [.. new PlannedSteps(configuration, report, environment).All()];

    /// <summary>The series as it would be after its archive was created.</summary>
    public static RepositoryReport Created(RepositoryReport one) =>
        one with { Steps = [Succeeded(StepKind.Create) with { Archive = new() }] };

    private IEnumerable<PlannedStep> All()
    {
        var postexec = configuration.Postexec.Select(script => Of(script, ScriptEnvironment.Postexec));
        var isEarly = configuration.Hooks.PostexecAfterCreate;
        return
        [
            .. configuration.Preexec.Select(script => Of(script, ScriptEnvironment.Preexec)),
            .. configuration.Sources.Count == 0 ? [] : new PlannedStep[]
            {
                new(null, "source paths", string.Join(' ', configuration.Sources.Select(CommandWords.Quote))),
            },
            .. ForEach(Create),
            .. isEarly ? postexec : [],
            .. ForEach(Prune),
            .. ForEach(Compact),
            .. ForEach((settings, one) => Check(settings, one).Concat(Restore(settings, one))),
            .. isEarly ? [] : postexec,
            .. configuration.Textfile is not { } textfile ? [] : new PlannedStep[] { new(null, "textfile", textfile) },
            .. configuration.Pushgateway is not { } gateway ? [] : new PlannedStep[]
            {
                new(null, "push", gateway.Url.AbsoluteUri.TrimEnd('/')
                    + GroupingKey.Path(configuration.GroupingLabels)),
            },
        ];
    }

    private IEnumerable<PlannedStep> ForEach(
        Func<RepositorySettings, RepositoryReport, IEnumerable<PlannedStep>> steps) =>
        Series.Where(pair => !pair.One.IsLeftOut).SelectMany(pair => steps(pair.Settings, pair.One));

    private IEnumerable<(RepositorySettings Settings, RepositoryReport One)> Series =>
        configuration.Repositories.Zip(report.Repositories);

    private static PlannedStep Of(Script script, string step) => new(null, $"{step} {script.Label}", Text(script));

    private IEnumerable<PlannedStep> Create(RepositorySettings settings, RepositoryReport one)
    {
        var create = Borg(settings, BorgStep.Create.Arguments(_dialect, configuration, settings));
        yield return new(one.Label, "create", settings.Stream is { } stream ? $"{Text(stream)} | {create}" : create);
    }

    private IEnumerable<PlannedStep> Prune(RepositorySettings settings, RepositoryReport one)
    {
        if (Pruned(settings, one) is not { } step)
            yield break;
        var mayDelete = step.Prune is { IsDryRun: false };
        yield return new(one.Label, "prune", Borg(settings,
            (mayDelete ? BorgStep.Prune : BorgStep.PruneDryRun).Arguments(_dialect, configuration, settings)))
        {
            If = mayDelete ? null : "without deleting, because the first prune asks",
        };
    }

    private IEnumerable<PlannedStep> Compact(RepositorySettings settings, RepositoryReport one)
    {
        if (!report.IsFirstInRepository(one) || !Plan.Prunes(settings))
            yield break;
        var isCertain = MayCompact(settings, one, []);
        if (isCertain || MayCompact(settings, one, [new("any", null)]))
            yield return new(one.Label, "compact",
                Borg(settings, BorgStep.Compact.Arguments(_dialect, configuration, settings)))
            {
                If = isCertain ? null : "if prune deletes archives",
            };
    }

    private bool MayCompact(RepositorySettings settings, RepositoryReport one, IReadOnlyList<ArchiveReference> deleted)
    {
        var series = Series.Where(pair => pair.One.Location == one.Location).Select(
            pair => Pruned(pair.Settings, pair.One) is not { } prune ? Created(pair.One)
                : Created(pair.One).With(prune with { Prune = prune.Prune! with { Deleted = deleted } }, _now));
        return Plan.MayCompact([.. series], settings.Retention!.Compact, _now, _dialect);
    }

    private IEnumerable<PlannedStep> Check(RepositorySettings settings, RepositoryReport one)
    {
        if (!report.IsFirstInRepository(one)
            || Plan.Check(one, configuration.Check, _now, isWanted: false, _dialect) is not { } scope)
            yield break;
        foreach (var part in scope.MaxDuration is null ? [CheckPart.Whole]
            : new[] { CheckPart.Repository, CheckPart.Archives })
            yield return new(one.Label, "check",
                Borg(settings, BorgStep.Check(part, scope).Arguments(_dialect, configuration, settings)))
            {
                If = part == CheckPart.Archives ? "if the whole repository was read in time" : null,
            };
    }

    /// <summary>Which archive and which files is not known before.</summary>
    private IEnumerable<PlannedStep> Restore(RepositorySettings settings, RepositoryReport one)
    {
        if (!Plan.Restores(one, configuration.Check, _now))
            yield break;
        yield return new(one.Label, "restore drill",
            Borg(settings, BorgCommandLine.ListFiles(_dialect, settings, "ARCHIVE")));
        yield return new(one.Label, "restore drill",
            Borg(settings, BorgCommandLine.Extract(_dialect, settings, "ARCHIVE", ["FILE"])));
    }

    /// <summary>How the prune of a series would end, with nothing deleted; null if it would not be pruned.</summary>
    private StepResult? Pruned(RepositorySettings settings, RepositoryReport one) =>
        !Plan.Prunes(settings) || PrunePolicy.WhyNot(
            Created(one), _now, one.LastSuccess, hasReadSources: true, settings.AlsoPrunedBy, "") is not null
            ? null
            : Succeeded(StepKind.Prune) with
            {
                Prune = new() { IsDryRun = !PrunePolicy.MayDelete(one, settings.Retention!) },
            };

    private static StepResult Succeeded(StepKind kind) =>
        new() { Kind = kind, ReturnCode = 0, Outcome = BorgOutcome.Success };

    private static string Text(Script script) => Text([script.Path, .. script.Arguments]);

    private static string Text(IEnumerable<string> words) => string.Join(' ', words.Select(CommandWords.Quote));

    /// <summary>With the variables that borg gets from the configuration; the passphrase is not one of them.</summary>
    private string Borg(RepositorySettings settings, IReadOnlyList<string> arguments)
    {
        var variables = BorgEnvironment.Of(configuration, settings, environment, hasPassphrase: false, selfTest: true)
            .Where(variable => variable.Key is BorgVariables.RemoteShell or BorgVariables.RemotePath
                || configuration.Borg.Environment.Any(own => own.Name == variable.Key))
            .Where(variable => environment.GetValueOrDefault(variable.Key) != variable.Value)
            .OrderBy(variable => variable.Key, StringComparer.Ordinal)
            .Select(variable => $"{variable.Key}={CommandWords.Quote(variable.Value)} ");
        return $"{string.Concat(variables)}{Text([configuration.Borg.Path, .. arguments])}";
    }
}
