using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Terminal;

namespace Assimilator.Hooks;

/// <summary>Runs the scripts of preexec and postexec.</summary>
internal sealed class ScriptRun(
    HookSettings hooks, IReadOnlyDictionary<string, string> environment, Interruption interruption, Messages messages)
{
    private const int CutShort = 124;

    /// <summary>One after the other, until one fails or a signal ends the run.</summary>
    public ScriptsStep RunUntilFailure(string step, IReadOnlyList<Script> scripts)
    {
        var result = ScriptsStep.None;
        foreach (var script in scripts)
        {
            if (result.ReturnCode != 0 || interruption.IsRequested)
                break;
            result = Add(result, Run(step, script, endsAtSignal: 1, interruption.Grace));
        }
        return result;
    }

    /// <summary>Every one of them, even after a signal; only a second signal cuts them short.</summary>
    public ScriptsStep RunAll(string step, IReadOnlyList<Script> scripts)
    {
        var result = ScriptsStep.None;
        foreach (var script in scripts)
        {
            if (interruption.Count > 1)
            {
                messages.Warning($"{step} {script.Label} is not run after a second signal");
                result = Add(result, new ChildExit(ExitCodes.SignalBase + interruption.LatestSignal, TimeSpan.Zero));
                continue;
            }
            result = Add(result, Run(step, script, endsAtSignal: 2, interruption.Grace / 4));
        }
        return result;
    }

    private static ScriptsStep Add(ScriptsStep sum, ChildExit exit) =>
        new(sum.ReturnCode != 0 ? sum.ReturnCode : exit.ReturnCode, sum.Duration + exit.Duration,
            sum.TimedOut + (exit.TimedOutAfter is null ? 0 : 1));

    private ChildExit Run(string step, Script script, int endsAtSignal, TimeSpan grace)
    {
        messages.Debug($"{step} {script.Label}: running {script.Path} {string.Join(' ', script.Arguments)}");
        var output = new LineSplitter(line => messages.Info($"{step} {script.Label}: {line}"));
        var errors = new LineSplitter(line => messages.Warning($"{step} {script.Label}: {line}"));
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
            interruption, output.Write, errors.Write);
        output.Complete();
        errors.Complete();
        // Who was cut short has not done its work, whatever it says; 124 as timeout(1) has it.
        if (exit is { TimedOutAfter: not null, ReturnCode: ExitCodes.Success or ExitCodes.TemporaryFailure })
            exit = exit with { ReturnCode = CutShort };
        if (exit.ReturnCode == ExitCodes.TemporaryFailure && step == ScriptEnvironment.Preexec)
            messages.Info($"{step} {script.Label} asked to skip this run");
        else if (exit.ReturnCode != 0)
            messages.Error($"{step} {script.Label} {exit.Describe()}: {script.Path}");
        return exit;
    }
}
