using Microsoft.Win32.SafeHandles;

namespace Assimilator.Processes;

/// <summary>What to start and how long to put up with it.</summary>
internal sealed record ChildCommand
{
    /// <summary>Path of the executable; no search, no shell.</summary>
    public required string Executable { get; init; }

    /// <summary>Arguments after the program's name.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The whole environment of the child.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Where the child finds <see cref="Secret"/>.</summary>
    public const int SecretDescriptor = 3;

    /// <summary>What the child reads from <see cref="SecretDescriptor"/>, where neither its arguments nor its
    /// environment nor a file shows it; at most 4096 bytes. Null for a child that gets no such descriptor.</summary>
    public string? Secret { get; init; }

    /// <summary>What the child reads as its standard input; null for nothing.</summary>
    public SafeFileHandle? Input { get; init; }

    /// <summary>Where its standard output goes; null for the sink of whoever runs it.</summary>
    public SafeFileHandle? Output { get; init; }

    /// <summary>Ends the child when it is cancelled.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>How long the child may run; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Number of signals to us after which the child is terminated: 1 for what a signal is to stop, 2 for what
    /// must still run to its end after one.</summary>
    public int EndsAtSignal { get; init; } = 1;

    /// <summary>Repeated until a child that was told to end has ended; null for nothing. Python takes no notice of a
    /// signal that comes just before it waits for its input, until another one wakes it.</summary>
    public int? WakeSignal { get; init; }

    /// <summary>What others have left running since it was started is not its own: only its process group is killed
    /// with it.</summary>
    public bool LeavesOrphans { get; init; }

    /// <summary>How long a child that was told to end may take before it is killed with all it has started.</summary>
    public required TimeSpan Grace { get; init; }
}
