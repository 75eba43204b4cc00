using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Run;

/// <summary>The command of a stream, whose output borg stores. Without a byte of output there is no archive, nor if it
/// does not end with 0.</summary>
/// <param name="context">Its messages are about this stream.</param>
internal sealed class StreamCommand(
    Script command, HookSettings hooks, IReadOnlyDictionary<string, string> environment, RunContext context)
{
    private readonly Messages _messages = context.Messages;
    private PipedChild? _child;
    private ChildExit? _failure;

    /// <summary>Starts it, once more for each try.</summary>
    public PipedChild Start()
    {
        _messages.Debug($"running {command.Path} {string.Join(' ', command.Arguments)}");
        _failure = null;
        var errors = LineSplitter.OfText(line => _messages.Warning(line));
        return _child = PipedChild.Start(
            new ChildCommand
            {
                Executable = command.Path,
                Arguments = command.Arguments,
                Environment = environment,
                Timeout = hooks.Timeout,
                Grace = context.Interruption.Grace,
            },
            context.Interruption, errors.Write, exit =>
            {
                errors.Complete();
                _failure = exit;
                _messages.Error($"the command {exit.Describe()}: {command.Path}", exit.TimedOutAfter is null ? null
                    : "[hooks] timeout limits each command, together with storing its output");
            });
    }

    /// <summary>The result, when borg has ended.</summary>
    /// <returns>Null if it was not started, or if it was ended only because borg had ended.</returns>
    public StepResult? End()
    {
        if (_child is null)
            return null;
        var exit = _child.Exit;
        var isEmpty = exit.IsGood && !_child.HasOutput;
        if (isEmpty)
            _messages.Error($"the command printed nothing: {command.Path}", "an empty file is no backup");
        return _failure is null && !exit.IsGood ? null : new()
        {
            Kind = StepKind.Stream,
            // Whoever was cut short may still return 0.
            ReturnCode = exit is { ReturnCode: 0, TimedOutAfter: not null } ? Scripts.TimedOut : exit.ReturnCode,
            Outcome = exit.IsGood && !isEmpty ? BorgOutcome.Success : BorgOutcome.Error,
            Duration = exit.Duration,
            TimedOut = exit.TimedOutAfter is not null,
            WasTerminated = exit.WasToldToEnd,
        };
    }
}
