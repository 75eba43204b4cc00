using System.Diagnostics;
using Assimilator.Native;
using Microsoft.Win32.SafeHandles;

namespace Assimilator.Files;

/// <summary>A descriptor that this process was started with.</summary>
internal static unsafe class InheritedDescriptor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Reads it to its end, and closes it.</summary>
    /// <param name="longest">In bytes; what comes after one byte more is not read.</param>
    public static FileText ReadToEnd(int descriptor, int longest)
    {
        if (!LibC.IsInherited(descriptor))
            return new(null, "is not open");
        using var file = new SafeFileHandle(descriptor, ownsHandle: descriptor > 2);
        var bytes = new byte[longest + 1];
        var count = 0;
        var startedAt = Stopwatch.GetTimestamp();
        while (count < bytes.Length)
        {
            var polled = new LibC.PollDescriptor { Descriptor = descriptor, Events = LibC.PollIn };
            var left = Patience - Stopwatch.GetElapsedTime(startedAt);
            if (left <= TimeSpan.Zero)
                return new(null, "has no end: its writer must close it");
            if (LibC.Poll(&polled, 1, (int)left.TotalMilliseconds + 1) <= 0)
                continue;
            nint read;
            fixed (byte* start = bytes)
                read = LibC.Read(file, start + count, (nuint)(bytes.Length - count));
            if (read < 0)
                return new(null, $"cannot be read: {LibC.LastErrorText()}");
            if (read == 0)
                break;
            count += (int)read;
        }
        return TextFile.Decode(bytes.AsSpan(0, count));
    }
}
