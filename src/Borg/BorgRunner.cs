using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;

namespace Assimilator.Borg;

/// <summary>What the borg processes of one repository share.</summary>
/// <param name="connections">Null if each connects by itself.</param>
internal sealed class BorgSession(
    BackupConfiguration configuration, RepositorySettings repository, RunContext context, BorgDialect dialect,
    SharedConnections? connections = null)
{
    private Passphrase? _passphrase;
    private SharedConnection? _connection;

    /// <summary>One for each repository, by its location.</summary>
    /// <param name="connections">Null if each process connects by itself.</param>
    public static IReadOnlyDictionary<string, BorgSession> Of(
        BackupConfiguration configuration, RunContext context, BorgDialect dialect,
        SharedConnections? connections = null) =>
        configuration.Repositories.DistinctBy(settings => settings.Location).ToDictionary(
            settings => settings.Location,
            settings => new BorgSession(
                configuration, settings, context.About(settings.Name, settings.Name), dialect, connections));

    public BorgDialect Dialect => dialect;

    /// <summary>One of them has passed borg's self-test.</summary>
    public bool HasPassedSelfTest { get; set; }

    /// <summary>Asks for it once.</summary>
    /// <returns>Null if it cannot be had.</returns>
    public Passphrase? FindPassphrase() => _passphrase ??= Passphrase.Find(configuration, repository, context);

    /// <summary>The next process of borg, with the connection that it shares.</summary>
    /// <param name="series">What the process is about; the first series of a repository has the session.</param>
    /// <param name="about">Its messages are about the same.</param>
    public BorgProcess NewProcess(RepositorySettings series, Passphrase passphrase, RunContext about, bool selfTest)
    {
        _connection ??= connections?.To(repository);
        return new(configuration, series, about, passphrase.Text, selfTest, _connection?.Open());
    }
}

/// <summary>The borg of one repository: a host that the network does not reach yet is tried again.</summary>
internal sealed class BorgRunner(
    BackupConfiguration configuration, RepositorySettings repository, RunContext context, BorgSession session)
{
    private static readonly TimeSpan PauseBetweenTries = TimeSpan.FromSeconds(5);

    /// <summary>For a command of our own that only looks, beyond the wait for the lock.</summary>
    private static readonly TimeSpan LookTimeout = TimeSpan.FromMinutes(5);

    public BorgDialect Dialect => session.Dialect;

    /// <summary>Runs a step to its end.</summary>
    /// <param name="startInput">Starts the command whose output borg reads, for each try; null if it reads
    /// nothing.</param>
    /// <returns>Null if borg could not be started, or that command had nothing to read.</returns>
    public StepResult? Run(BorgStep step, Func<PipedChild>? startInput = null)
    {
        var startedAt = context.Clock.GetTimestamp();
        while (session.FindPassphrase() is { } passphrase)
        {
            // The self-test takes a quarter of a short run.
            var process = session.NewProcess(repository, passphrase, context, selfTest: !session.HasPassedSelfTest);
            using var input = startInput?.Invoke();
            if (input?.WaitForOutput() == false)
                return null;
            var mayRetry = context.Clock.GetElapsedTime(startedAt) < repository.ConnectWait;
            var result = process.Run(step, Dialect, mayRetry, input);
            session.HasPassedSelfTest |= result is { Outcome: not BorgOutcome.Error };
            if (result?.Failure != BorgFailure.Unreachable || !mayRetry || context.Interruption.IsRequested)
                return result;
            context.Interruption.Wait(PauseBetweenTries);
        }
        return null;
    }

    /// <summary>Opens the repository, and looks for the newest archive of this series.</summary>
    /// <param name="isUnreachable">The network does not reach its host, and that is allowed.</param>
    /// <returns>Null if it cannot be opened.</returns>
    public OpenedRepository? Open(out bool isUnreachable)
    {
        isUnreachable = false;
        if (session.FindPassphrase() is not { } passphrase)
            return null;
        var pattern = ArchiveTemplate.Parse(repository.Archive, out _) is { HasFixedPrefix: true, Vague: null } template
            ? template.GlobArchives : repository.Retention?.GlobArchives;
        var log = new BorgLog(
            context.Messages, [], isPatient: repository.MayBeAbsent, context.Command("borg"));
        var process = session.NewProcess(repository, passphrase, context, selfTest: true);
        var (exit, stdout, _) = process.Run(
            BorgCommandLine.List(
                Dialect, repository,
                ["--show-version", .. pattern is null ? [] : new[] { Dialect.Matching(pattern) }, "--last=1"]),
            repository.LockWait + LookTimeout, log, timeZone: "UTC");
        isUnreachable = repository.MayBeAbsent && log.IsConnectionClosed
            && (log.Unreachable ?? SshProbe.Run(configuration, repository, context)) is not null;
        if (isUnreachable)
            return null;
        process.ShowHeld(log);
        if (exit.ReturnCode != 0)
        {
            context.Messages.Error(
                $"the repository {repository.Location} cannot be opened: borg {Dialect.List} {exit.Describe()}",
                log.Hint(exit.ReturnCode));
            return null;
        }
        session.HasPassedSelfTest = true;
        var output = ListOutput.Parse(stdout.Span);
        var newest = pattern is not null && output?.Archives is [.., var last] ? last : null;
        return new(output?.Repository?.Id, newest, log.Version);
    }

    /// <summary>Looks for archives of this series that were begun at a time or later, oldest first.</summary>
    /// <param name="known">The archives that are known to be its own.</param>
    /// <param name="onlyNewest">At most the newest archive that matches.</param>
    /// <returns>Null if it cannot be told.</returns>
    public IReadOnlyList<ArchiveFacts>? FindArchives(
        DateTimeOffset since, IReadOnlyList<ArchiveReference> known, bool onlyNewest = false)
    {
        if (ArchiveTemplate.Parse(repository.Archive, out _) is not { HasFixedPrefix: true, Vague: null } template)
            return [];
        string[] last = onlyNewest ? ["--last=1"] : [];
        if (List([Dialect.Matching(template.GlobArchives), .. last]) is not { } output)
            return null;
        return
        [
            .. output.Archives
                // Borg counts in whole seconds.
                .Where(archive => archive.Name is { } name && archive.StartedAt > since.AddSeconds(-1)
                    && !known.Any(new ArchiveReference(name, archive.Id).IsSameAs))
                .Select(archive => new ArchiveFacts
                {
                    Name = archive.Name,
                    Id = archive.Id,
                    RepositoryId = output.Repository?.Id,
                    IsLookedUp = true,
                }),
        ];
    }

    /// <summary>All archives in the repository, whoever made them; null if they cannot be listed.</summary>
    public IReadOnlyList<ListedArchive>? FindAllArchives() => List([])?.Archives;

    /// <summary>Borg's id of the repository; null if it cannot be read.</summary>
    public string? FindRepositoryId() => List(["--last=1"])?.Repository?.Id;

    /// <summary>Lists the files of an archive.</summary>
    /// <param name="found">Gets each of them.</param>
    /// <returns>Null if borg could not be started.</returns>
    public StepResult? ListFiles(ArchiveReference archive, Action<ListedFile?> found)
    {
        var lines = new LineSplitter(line => found(ListedFile.Parse(line)));
        var result = Read(
            BorgCommandLine.ListFiles(Dialect, repository, Dialect.NameOf(archive)), lines.Write, isQuiet: false);
        lines.Complete();
        return result;
    }

    /// <summary>Reads the contents of some files of an archive, one after the other, in the order of the
    /// archive.</summary>
    /// <param name="reader">Gets the contents, piece by piece.</param>
    /// <param name="isQuiet">What borg complains about is shown at level debug.</param>
    /// <inheritdoc cref="ListFiles"/>
    public StepResult? Extract(
        ArchiveReference archive, IEnumerable<string> paths, Action<ReadOnlySpan<byte>> reader, bool isQuiet) =>
        Read(BorgCommandLine.Extract(Dialect, repository, Dialect.NameOf(archive), paths), reader, isQuiet);

    private StepResult? Read(IReadOnlyList<string> arguments, Action<ReadOnlySpan<byte>> reader, bool isQuiet)
    {
        if (session.FindPassphrase() is not { } passphrase)
            return null;
        var log = new BorgLog(
            context.Messages, [], isPatient: false, context.Command("borg"), isQuiet ? 0 : BorgStep.MostAlike);
        var process = session.NewProcess(repository, passphrase, context, selfTest: !session.HasPassedSelfTest);
        var (exit, _, _) = process.Run(
            arguments, configuration.Borg.CheckTimeout, log, timeZone: "UTC", reader);
        if (exit.ReturnCode != 0 && !isQuiet)
        {
            process.ShowHeld(log);
            context.Messages.Error($"borg {arguments[0]} {exit.Describe()}", log.Hint(exit.ReturnCode));
        }
        return exit.StartFailure is not null ? null : new()
        {
            Kind = StepKind.Restore,
            ReturnCode = exit.ReturnCode,
            Outcome = BorgOutcomes.Of(StepKind.Restore, exit.ReturnCode),
            Failure = log.Failure,
            Duration = exit.Duration,
            TimedOut = exit.TimedOutAfter is not null,
            WasTerminated = exit.WasToldToEnd,
            Warnings = log.Warnings,
            Errors = log.Errors,
        };
    }

    private ListOutput? List(IReadOnlyList<string> arguments)
    {
        if (session.FindPassphrase() is not { } passphrase)
            return null;
        var log = new BorgLog(context.Messages, [], isPatient: false, context.Command("borg"));
        var process = session.NewProcess(repository, passphrase, context, selfTest: false);
        var (exit, stdout, _) = process.Run(
            BorgCommandLine.List(Dialect, repository, arguments), repository.LockWait + LookTimeout, log,
            timeZone: "UTC");
        process.ShowHeld(log);
        if (exit.ReturnCode != 0)
            context.Messages.Warning($"borg {Dialect.List} {exit.Describe()}", log.Hint(exit.ReturnCode));
        return exit.ReturnCode == 0 ? ListOutput.Parse(stdout.Span) : null;
    }
}
