using System.Diagnostics;
using System.Runtime.InteropServices;
using Assimilator.Posix;
using Assimilator.Processes;
using Microsoft.Win32.SafeHandles;

namespace Assimilator.State;

/// <summary>What came of trying to take the run lock.</summary>
internal enum LockResult
{
    Taken,

    /// <summary>Another run holds it.</summary>
    Busy,

    /// <summary>There can be no lock: the directory cannot be written.</summary>
    Unavailable,
}

/// <summary>One run of a backup at a time: <c>flock</c> on <c>DIRECTORY/NAME.lock</c>. The kernel frees it when the
/// process is gone, however it went.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly SafeFileHandle _file;

    private RunLock(SafeFileHandle file) => _file = file;

    /// <summary>Takes the lock, waiting for another run up to a limit or until a signal comes.</summary>
    /// <param name="failure">Why there can be no lock, when it is unavailable.</param>
    public static (RunLock? Lock, LockResult Result) Take(
        string? directory, string backupName, TimeSpan wait, Interruption interruption, Action onWait,
            out string? failure)
    {
        if (directory is null)
        {
            failure = "there is no state directory";
            return (null, LockResult.Unavailable);
        }
        var path = Path.Combine(directory, $"{backupName}.lock");
        if (Open(directory, path, out failure) is not { } file)
            return (null, LockResult.Unavailable);
        var startedAt = Stopwatch.GetTimestamp();
        var isWaiting = false;
        while (LibC.Flock(file, LibC.ExclusiveLock | LibC.NonBlockingLock) != 0)
        {
            if (Marshal.GetLastPInvokeError() is not (LibC.WouldBlock or LibC.InterruptedCall))
            {
                failure = $"cannot lock {path}: {LibC.LastErrorText()}";
                file.Dispose();
                return (null, LockResult.Unavailable);
            }
            var left = wait - Stopwatch.GetElapsedTime(startedAt);
            if (left <= TimeSpan.Zero || interruption.IsRequested)
            {
                file.Dispose();
                return (null, LockResult.Busy);
            }
            if (!isWaiting)
                onWait();
            isWaiting = true;
            var pause = TimeSpan.FromMilliseconds(200);
            interruption.Wait(left < pause ? left : pause);
        }
        return (new RunLock(file), LockResult.Taken);
    }

    /// <summary>Whether a run holds the lock. Nothing is created, and no run has to wait for this.</summary>
    public static bool IsHeld(string? directory, string backupName)
    {
        if (directory is null)
            return false;
        using var file = LibC.OpenToRead(Path.Combine(directory, $"{backupName}.lock"));
        return !file.IsInvalid && LibC.Flock(file, LibC.SharedLock | LibC.NonBlockingLock) != 0
            && Marshal.GetLastPInvokeError() == LibC.WouldBlock;
    }

    public void Dispose() => _file.Dispose();

    private static SafeFileHandle? Open(string directory, string path, out string? failure)
    {
        try
        {
            Directory.CreateDirectory(
                directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            // Not by FileStream, which takes a lock of its own that would fail where this one is to wait.
            var file = LibC.OpenLockFile(path);
            failure = file.IsInvalid ? $"cannot open {path}: {LibC.LastErrorText()}" : null;
            if (failure is null)
                return file;
            file.Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            failure = $"cannot create {directory}: {exception.Message}";
        }
        return null;
    }
}
