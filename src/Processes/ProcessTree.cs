using System.Globalization;
using System.Runtime.InteropServices;
using Assimilator.Posix;

namespace Assimilator.Processes;

/// <summary>What a child has started. Most of it is in the child's process group; a process that left the group becomes
/// our own child when its parent dies (<see cref="LibC.AdoptOrphans"/>).</summary>
internal static unsafe class ProcessTree
{
    private static readonly Lock Watching = new();

    /// <summary>The children that somebody waits for.</summary>
    private static readonly HashSet<int> Watched = [];

    /// <summary>Starts a child that somebody waits for. Until it has been noted as such, nothing is reaped: another
    /// thread would take it for an orphan.</summary>
    public static (int ProcessId, int ErrorNumber) Start(Func<(int ProcessId, int ErrorNumber)> start)
    {
        lock (Watching)
        {
            var started = start();
            if (started.ProcessId != 0)
                Watched.Add(started.ProcessId);
            return started;
        }
    }

    /// <summary>Reaps a child that was waited for and has exited.</summary>
    /// <returns>Its status, as from waitpid(2).</returns>
    public static int Reap(int processId)
    {
        lock (Watching)
        {
            // Should the exit code be lost, that must not read as a success.
            var status = LibC.SigKill;
            while (LibC.WaitPid(processId, &status, 0) < 0
                && Marshal.GetLastPInvokeError() == LibC.InterruptedCall)
            {
            }
            Watched.Remove(processId);
            return status;
        }
    }

    /// <summary>Takes note of the adopted orphans that have ended.</summary>
    public static void ReapOrphans()
    {
        lock (Watching)
        {
            int status;
            foreach (var orphan in OwnChildren().Except(Watched))
                _ = LibC.WaitPid(orphan, &status, LibC.WaitNoHang);
        }
    }

    /// <summary>Our own children and the orphans that we have adopted. Empty without <c>/proc</c>.</summary>
    public static IReadOnlySet<int> OwnChildren()
    {
        var children = new HashSet<int>();
        foreach (var task in Tasks())
        {
            try
            {
                var words = File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
                children.UnionWith(words.Select(word => int.Parse(word, CultureInfo.InvariantCulture)));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The thread has just ended.
            }
        }
        return children;
    }

    private static string[] Tasks()
    {
        try
        {
            return Directory.GetDirectories("/proc/self/task");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Kills the orphans of a child that has just ended.</summary>
    /// <param name="elders">Our children from before it was started: an earlier script left them running on
    /// purpose.</param>
    public static void KillOrphans(IReadOnlySet<int> elders)
    {
        lock (Watching)
        {
            foreach (var orphan in OwnChildren().Except(elders).Except(Watched))
            {
                // Its group, if it leads one.
                _ = LibC.Kill(-orphan, LibC.SigKill);
                _ = LibC.Kill(orphan, LibC.SigKill);
            }
        }
        ReapOrphans();
    }
}
