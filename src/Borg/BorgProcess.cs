using System.Text;
using Assimilator.Configuration;
using Assimilator.Posix;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Borg;

/// <summary>One borg process, from start to exit.</summary>
/// <param name="passphrase">Null if the repository needs none.</param>
/// <param name="selfTest">False if a process of the same executable has just passed borg's self-test.</param>
/// <param name="socket">Where its ssh finds a connection; null if it connects by itself.</param>
internal sealed class BorgProcess(
    BackupConfiguration configuration, RepositorySettings repository, RunContext context, string? passphrase,
    bool selfTest, string? socket = null)
{
    /// <summary>In bytes. The JSON of <c>create</c> contains the command line, which Linux limits to 2 MiB.</summary>
    private const int LongestStdout = 4 * 1024 * 1024;

    /// <summary>A borg that says nothing for so long may be waiting for a lock.</summary>
    private static readonly TimeSpan LongSilence = TimeSpan.FromMinutes(1);

    /// <summary>Runs a step to its end.</summary>
    /// <param name="dialect">What this borg understands.</param>
    /// <param name="mayRetry">Another try follows if ssh cannot reach the host.</param>
    /// <param name="input">The command whose output borg reads; null if it reads nothing.</param>
    /// <returns>Null if borg could not be started.</returns>
    public StepResult? Run(BorgStep step, BorgDialect dialect, bool mayRetry, PipedChild? input = null)
    {
        var isPatient = mayRetry || repository.MayBeAbsent;
        var line = context.Messages.Progress;
        var progress = new StepProgress(
            repository.Label is { } label ? $"{label}: {step.Name}" : step.Name, step.LastDuration);
        var log = new BorgLog(
            context.Messages, configuration.Sources, isPatient, context.Command("borg"), step.MostProblems,
            step.NamesFiles, progress);
        var holder = LockHolder.Announce(repository, context);
        using var silence = AnnounceSilence(step, log);
        var startedAt = context.Clock.GetTimestamp();
        line?.Show(columns => progress.Text(context.Clock.GetElapsedTime(startedAt), columns));
        var arguments = step.Arguments(dialect, configuration, repository);
        var (exit, stdout, isTruncated) = Run(
            line is null ? arguments : [arguments[0], "--progress", .. arguments.Skip(1)],
            step.Timeout(configuration.Borg), log, input: input);
        line?.Show(null);
        var result = step.Parse(
            new StepResult
            {
                Kind = step.Kind,
                ReturnCode = exit.ReturnCode,
                Outcome = BorgOutcomes.Of(step.Kind, exit.ReturnCode),
                IsAccepted = configuration.Backup.Accept.Contains(exit.ReturnCode),
                Failure = BorgOutcomes.Of(step.Kind, exit.ReturnCode) == BorgOutcome.Error ? log.Failure : null,
                UnreadPaths = log.UnreadPaths,
                Duration = exit.Duration,
                TimedOut = exit.TimedOutAfter is not null,
                WasTerminated = exit.WasToldToEnd,
                Warnings = log.Warnings,
                Errors = log.Errors,
                HasRebuiltIndex = log.HasRebuiltIndex,
                BorgVersion = log.Version,
            },
            new BorgOutput(stdout, isTruncated, log.List, log.HasCheckedAllSegments, log.Files));
        if (isPatient && result.Outcome == BorgOutcome.Error && log.IsConnectionClosed
            && (log.Unreachable ?? SshProbe.Run(configuration, repository, context)) is { } unreachable)
        {
            if (!mayRetry || repository.MayBeAbsent)
                context.Messages.Info(unreachable);
            else
                context.Messages.Warning($"{unreachable}: trying again");
            return result with { Failure = BorgFailure.Unreachable };
        }
        // It was ended because its input failed, which has been told.
        if (input is { StopReader.IsCancellationRequested: true })
            return result;
        ShowHeld(log);
        Explain(step, exit, result, log, holder);
        return exit.StartFailure is null ? result : null;
    }

    /// <summary>Runs any command of borg to its end.</summary>
    /// <param name="timeout">Null for no limit.</param>
    /// <param name="timeZone">In which borg prints times; null for the one of this host.</param>
    /// <param name="reader">Gets what borg writes to its standard output, piece by piece; null to keep it.</param>
    /// <param name="input">The command whose output borg reads.</param>
    public (ChildExit Exit, ReadOnlyMemory<byte> Stdout, bool IsTruncated) Run(
        IReadOnlyList<string> arguments, TimeSpan? timeout, BorgLog log, string? timeZone = null,
        Action<ReadOnlySpan<byte>>? reader = null, PipedChild? input = null)
    {
        context.Messages.Debug($"running {configuration.Borg.Path} {string.Join(' ', arguments)}");
        var stdout = new MemoryStream();
        var isTruncated = false;
        var lines = new LineSplitter(line =>
        {
            if (input is { StopReader.IsCancellationRequested: true })
                context.Messages.Debug($"borg: {Encoding.UTF8.GetString(line)}");
            else
                log.Read(line);
        });
        var environment = BorgEnvironment.Of(
            configuration, repository, context.Environment, passphrase is not null, selfTest);
        if (socket is not null)
            environment[BorgVariables.RemoteShell] += $" -o ControlMaster=no -S {CommandWords.Quote(socket)}";
        if (timeZone is not null)
            environment["TZ"] = timeZone;
        var command = new ChildCommand
        {
            Executable = configuration.Borg.Path,
            Arguments = arguments,
            Environment = environment,
            Secret = passphrase,
            Input = input?.Output,
            Stop = input?.StopReader ?? default,
            // To borg, it is a question for its progress.
            WakeSignal = input is null ? null : LibC.SigUsr1,
            Timeout = timeout,
            Grace = context.Interruption.Grace,
        };
        // If we are killed, nobody is left to keep it from taking a failure of its input for the end.
        var exit = ChildProcess.Run(
            input is null ? command : BoundChild.Of(command), context.Interruption, reader ?? Keep, lines.Write);
        lines.Complete();
        return (exit, stdout.ToArray(), isTruncated);

        void Keep(ReadOnlySpan<byte> bytes)
        {
            isTruncated |= bytes.Length > LongestStdout - stdout.Length;
            stdout.Write(bytes[..(int)Math.Min(bytes.Length, LongestStdout - stdout.Length)]);
        }
    }

    /// <summary>Shows what was held back until it was known why borg ended.</summary>
    public void ShowHeld(BorgLog log) => log.ShowHeld(() => SshProbe.WhyNot(configuration, repository, context));

    private void Explain(BorgStep step, ChildExit exit, StepResult result, BorgLog log, string? holder)
    {
        // The lock of borg's cache, too, has a holder; a remote one cannot be seen.
        if (log.LockedDirectory is { } directory && (LockHolder.Find(directory, context) ?? holder) is { } culprit)
            context.Messages.Error(culprit);
        // The 127 of a borg that is not there would count as one of borg's own warnings.
        var isStarted = exit.StartFailure is null;
        var isGood = step.Kind == StepKind.Create ? result.Archive is not null
            : result.Outcome == BorgOutcome.Success || result.IsAccepted;
        if (isStarted && step.Kind == StepKind.Check && exit.ReturnCode == 1)
            context.Messages.Error("borg check found damage", BorgHints.Damage(context));
        else if (!isStarted || !isGood)
        {
            context.Messages.Error($"borg {step.Name} {exit.Describe()}",
                isStarted && result.Outcome == BorgOutcome.Error ? log.Hint(exit.ReturnCode) : null,
                isFault: !isStarted);
            if (log.Errors == 0)
                log.ShowLastHidden();
        }
        else if (log.IsOutOfSpace)
            context.Messages.Error("a disk is full", BorgHints.DiskFull);
    }

    /// <summary>Who holds the lock of a remote repository cannot be seen from here.</summary>
    private Timer? AnnounceSilence(BorgStep step, BorgLog log)
    {
        var wait = repository.LockWait;
        var silence = wait / 2 < LongSilence ? wait / 2 : LongSilence;
        return !repository.IsRemote ? null : new Timer(_ =>
        {
            if (!log.HasSpoken)
                context.Messages.Info($"borg {step.Name} has said nothing for {Quantities.Duration(silence)}: it may "
                    + $"be waiting for the repository's lock (up to {Quantities.Duration(wait)})");
        }, null, silence, Timeout.InfiniteTimeSpan);
    }
}
