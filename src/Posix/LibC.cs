using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Assimilator.Posix;

/// <summary>The system calls for which .NET has no function of its own. Names, numbers and sizes are those of Linux
/// with glibc and the same on x64 and arm64; opaque structures are buffers of the size that glibc gives them.</summary>
internal static unsafe partial class LibC
{
    public const int SigHup = 1, SigInt = 2, SigKill = 9, SigUsr1 = 10, SigPipe = 13, SigTerm = 15, SigChld = 17,
        SigStop = 19, SigXfsz = 25,
        LastNamedSignal = 31;
    /// <summary>For a thread that only waits, in bytes. The usual 8 MiB would count against <c>ulimit -d</c> and
    /// <c>-v</c>.</summary>
    public const int SmallStack = 256 * 1024;

    public const int SharedLock = 1, ExclusiveLock = 2, NonBlockingLock = 4;
    public const short PollIn = 1, PollOut = 4;
    public const int SpawnSetSignalDefaults = 0x04, SpawnSetSignalMask = 0x08, SpawnSetSession = 0x80;
    public const int SizeOfSpawnAttributes = 336, SizeOfSpawnFileActions = 80, SizeOfSignalSet = 128,
        SizeOfSignalInfo = 128,
        SizeOfSignalAction = 152, SizeOfStatx = 256, SizeOfStatfs = 120;
    public const int WaitNoHang = 1, WaitForPid = 1, WaitExited = 0x4, WaitNoReap = 0x01000000;
    public const int NotPermitted = 1, NoEntry = 2, InterruptedCall = 4, NotExecutableFormat = 8, WouldBlock = 11,
        AccessDenied = 13, NotADirectory = 20, BrokenPipe = 32, NameTooLong = 36;
    private const nint DefaultHandler = 0, IgnoredHandler = 1;
    private const int CloseOnExec = 0x80000, CurrentDirectory = -100, GetDescriptorFlags = 1;

    // The two flags whose numbers differ.
    private static readonly bool IsArm64 = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
    private static readonly int OnlyDirectory = IsArm64 ? 0x4000 : 0x10000;
    private static readonly int NoFollow = IsArm64 ? 0x8000 : 0x20000;

    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Received;
    }

    /// <summary>What has to be set up before anything else.</summary>
    public static void PrepareProcess()
    {
        UseBuiltInNameServices();
        UseBuiltInTls();
        UseOneHeap();
        AdoptOrphans();
        KeepExitCodes();
        SurviveFileSizeLimit();
    }

    /// <summary>Keeps a statically linked glibc from loading the foreign name service modules that
    /// <c>/etc/nsswitch.conf</c> may name: that can crash. Call it before the first name is looked up.</summary>
    private static void UseBuiltInNameServices()
    {
        _ = ConfigureLookup("hosts", "files dns");
        _ = ConfigureLookup("passwd", "files");
        _ = ConfigureLookup("group", "files");
    }

    /// <summary>Keeps OpenSSL from reading the configuration of this host's own OpenSSL, another one by now or one day:
    /// it may name modules to load. Call it before the first use of it.</summary>
    private static void UseBuiltInTls() => _ = SetEnvironment("OPENSSL_CONF", "", 1);

    /// <summary>Keeps malloc from reserving 64 MiB for each thread: under a limit such as <c>ulimit -v</c>, .NET then
    /// finds no room for the next thread.</summary>
    private static void UseOneHeap()
    {
        const int mostArenas = -8;
        _ = SetMallocOption(mostArenas, 1);
    }

    /// <summary>Makes sure that descriptors 0, 1 and 2 are taken. A program started with one of them closed would get
    /// it for the next file it opens, and write its messages there. To be called first of all.</summary>
    public static void OccupyStandardDescriptors()
    {
        const int readWrite = 2;
        for (var descriptor = 0; descriptor <= 2; descriptor++)
        {
            // Where there is no /dev, the root directory will do: nothing can be written to it.
            if (ControlFile(descriptor, GetDescriptorFlags) == -1 && Open("/dev/null", readWrite, 0) == -1)
                _ = Open("/", OnlyDirectory, 0);
        }
    }

    /// <summary>Overwrites a variable where <c>/proc/PID/environ</c> shows it, as often as it is there. Values read
    /// before stay as they are.</summary>
    public static void WipeVariable(string name)
    {
        var inFront = Encoding.UTF8.GetByteCount(name) + 1;
        byte* value;
        // Without its name, too, it is not found again.
        while ((value = GetEnvironment(name)) is not null)
            NativeMemory.Clear(value - inFront,
                (nuint)(inFront + MemoryMarshal.CreateReadOnlySpanFromNullTerminated(value).Length));
    }

    /// <summary>Writes all of it, however long that takes.</summary>
    /// <returns>False if something is lost, though somebody reads.</returns>
    public static bool WriteAll(int descriptor, ReadOnlySpan<byte> bytes)
    {
        const int forEver = -1;
        var room = new PollDescriptor { Descriptor = descriptor, Events = PollOut };
        fixed (byte* start = bytes)
        {
            for (nint written = 0; written < bytes.Length;)
            {
                var count = Write(descriptor, start + written, (nuint)(bytes.Length - written));
                var error = count > 0 ? 0 : Marshal.GetLastPInvokeError();
                if (count > 0)
                    written += count;
                else if (error == WouldBlock)
                    _ = Poll(&room, 1, forEver);
                else if (error != InterruptedCall)
                    return error == BrokenPipe;
            }
        }
        return true;
    }

    /// <summary>True if somebody can be asked: standard input is a terminal.</summary>
    public static bool IsInteractive() => IsTerminal(0);

    public static bool IsTerminal(int descriptor) => IsATerminal(descriptor) == 1;

    /// <summary>How wide a terminal is; null if it does not tell.</summary>
    public static int? Columns(int descriptor)
    {
        const nuint getWindowSize = 0x5413;
        // Rows, columns, and both in pixels.
        var size = stackalloc ushort[4];
        return InputOutputControl(descriptor, getWindowSize, size) == 0 && size[1] > 0 ? size[1] : null;
    }

    /// <summary>What was typed up to the end of the line, at most 100 bytes of it.</summary>
    public static string ReadLine()
    {
        using var input = new SafeFileHandle(0, ownsHandle: false);
        var bytes = stackalloc byte[100];
        var count = Read(input, bytes, 100);
        return count <= 0 ? "" : Encoding.UTF8.GetString(bytes, (int)count).TrimEnd('\n');
    }

    /// <summary>Keeps the kernel from throwing away the exit codes of our children: a parent that ignores SIGCHLD hands
    /// that on.</summary>
    private static void KeepExitCodes() => _ = SetSignalHandler(SigChld, DefaultHandler);

    /// <summary>Makes it an ordinary error to write more than <c>ulimit -f</c> allows, which otherwise kills.</summary>
    private static void SurviveFileSizeLimit() => _ = SetSignalHandler(SigXfsz, IgnoredHandler);

    /// <summary>Undoes what would outlive an <c>execve</c>: the signals that the runtime and we ignore.</summary>
    public static void RestoreSignals()
    {
        _ = SetSignalHandler(SigPipe, DefaultHandler);
        _ = SetSignalHandler(SigXfsz, DefaultHandler);
    }

    /// <summary>Makes this process the parent of what its children leave behind, so that it can be found.</summary>
    private static void AdoptOrphans()
    {
        const int setChildSubreaper = 36;
        _ = ProcessControl(setChildSubreaper, 1, 0, 0, 0);
    }

    /// <summary>Ends this process, and the program that it becomes, when its parent is gone.</summary>
    public static void EndWithParent()
    {
        const int setParentDeathSignal = 1;
        _ = ProcessControl(setParentDeathSignal, SigTerm, 0, 0, 0);
    }

    /// <summary>A pipe whose ends no child inherits.</summary>
    public static (SafeFileHandle Read, SafeFileHandle Write) CreatePipe()
    {
        var ends = stackalloc int[2];
        if (Pipe2(ends, CloseOnExec) != 0)
            throw new IOException($"cannot make a pipe: {LastErrorText()}");
        return (new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true));
    }

    /// <summary>True if this process was started with the signal ignored, as <c>nohup</c> does.</summary>
    public static bool IsIgnored(int signal)
    {
        var action = stackalloc byte[SizeOfSignalAction];
        return SignalAction(signal, null, action) == 0 && *(nint*)action == IgnoredHandler;
    }

    /// <summary>Lets this thread, and those that it starts from now on, get these signals.</summary>
    public static void Unblock(ReadOnlySpan<int> signals)
    {
        const int unblock = 1;
        var set = stackalloc byte[SizeOfSignalSet];
        _ = SignalSetClear(set);
        foreach (var signal in signals)
            _ = SignalSetAdd(set, signal);
        _ = SignalMask(unblock, set, null);
    }

    public static string ErrorText(int errorNumber) => new Win32Exception(errorNumber).Message;

    public static string LastErrorText() => ErrorText(Marshal.GetLastPInvokeError());
}
