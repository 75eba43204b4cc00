using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;

namespace Assimilator.Run;

/// <summary>Runs the scripts of preexec or postexec.</summary>
/// <param name="step">Which of the two.</param>
internal sealed class Scripts(
    string step, HookSettings hooks, IReadOnlyDictionary<string, string> environment, RunContext context)
{
    /// <summary>What timeout(1) returns.</summary>
    public const int TimedOut = 124;

    /// <summary>One after the other, until one fails or a signal ends the run.</summary>
    public ScriptsResult RunUntilFailure(IReadOnlyList<Script> scripts)
    {
        var result = ScriptsResult.None;
        foreach (var script in scripts)
        {
            if (result.ReturnCode != 0 || context.Interruption.IsRequested)
                break;
            result = Add(result, Run(script, endsAtSignal: 1, context.Interruption.Grace));
        }
        return result;
    }

    /// <summary>Every one of them, even after a signal; only a second signal cuts them short.</summary>
    public ScriptsResult RunAll(IReadOnlyList<Script> scripts)
    {
        var interruption = context.Interruption;
        var result = ScriptsResult.None;
        foreach (var script in scripts)
        {
            if (interruption.Count <= 1)
            {
                result = Add(result, Run(script, endsAtSignal: 2, interruption.Grace / 4));
                continue;
            }
            context.Messages.Warning($"{step} {script.Label} is not run after a second signal");
            result = Add(result, new ChildExit(ExitCodes.SignalBase + interruption.LatestSignal, TimeSpan.Zero));
        }
        return result;
    }

    private static ScriptsResult Add(ScriptsResult sum, ChildExit exit) =>
        new(sum.ReturnCode != 0 ? sum.ReturnCode : exit.ReturnCode, sum.Duration + exit.Duration,
            sum.TimedOut + (exit.TimedOutAfter is null ? 0 : 1));

    private ChildExit Run(Script script, int endsAtSignal, TimeSpan grace)
    {
        var messages = context.Messages;
        messages.Debug($"{step} {script.Label}: running {script.Path} {string.Join(' ', script.Arguments)}");
        var output = LineSplitter.OfText(line => messages.Info($"{step} {script.Label}: {line}"));
        var errors = LineSplitter.OfText(line => messages.Warning($"{step} {script.Label}: {line}"));
        var exit = ChildProcess.Run(
            new ChildCommand
            {
                Executable = script.Path,
                Arguments = script.Arguments,
                Environment = environment,
                Timeout = hooks.Timeout,
                EndsAtSignal = endsAtSignal,
                Grace = grace,
            },
            context.Interruption, output.Write, errors.Write);
        output.Complete();
        errors.Complete();
        // A script that was cut short has not done its work, whatever it returns.
        if (exit is { TimedOutAfter: not null, ReturnCode: ExitCodes.Success or ExitCodes.TemporaryFailure })
            exit = exit with { ReturnCode = TimedOut };
        if (exit.ReturnCode == ExitCodes.TemporaryFailure && step == ScriptEnvironment.Preexec)
            messages.Info($"{step} {script.Label} asked to skip this run");
        else if (exit.ReturnCode != 0)
            messages.Error($"{step} {script.Label} {exit.Describe()}: {script.Path}");
        return exit;
    }
}
