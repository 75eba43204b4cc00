using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Assimilator.Posix;

// What .NET's functions for files cannot say.
internal static unsafe partial class LibC
{
    private const int Create = 0x40, NonBlocking = 0x800, EmptyPath = 0x1000;

    /// <summary>Owner and mode of a file, as <c>statx</c> reports them.</summary>
    public readonly record struct FileStatus(uint UserId, uint GroupId, int Mode)
    {
        public bool IsRegularFile => (Mode & 0xf000) == 0x8000;
        public bool IsDirectory => (Mode & 0xf000) == 0x4000;
        public bool IsExecutable => (Mode & 0x49) != 0;
        public bool IsSticky => (Mode & 0x200) != 0;
    }

    /// <summary>Owner and mode of what a path leads to, or null if that is nothing or cannot be seen.</summary>
    public static FileStatus? StatusOf(string path)
    {
        var result = stackalloc byte[SizeOfStatx];
        return Statx(CurrentDirectory, path, 0, ModeUserGroup, result) == 0 ? StatusIn(result) : null;
    }

    /// <summary>Owner and mode of an open file.</summary>
    public static FileStatus? StatusOf(SafeFileHandle file)
    {
        var result = stackalloc byte[SizeOfStatx];
        return Statx(file, "", EmptyPath, ModeUserGroup, result) == 0 ? StatusIn(result) : null;
    }

    /// <summary>What changes when a file does. Times in ticks since 1970.</summary>
    public readonly record struct FileChange(long Size, long Mtime, long Ctime);

    /// <summary>Size and times of a regular file; null if there is none at the path. A link is not followed.</summary>
    public static FileChange? ChangeOf(string path)
    {
        const int noFollow = 0x100, sizeAndTimes = 0x2c0, offsetOfSize = 40, offsetOfCtime = 96, offsetOfMtime = 112;
        var result = stackalloc byte[SizeOfStatx];
        return Statx(CurrentDirectory, path, noFollow, ModeUserGroup | sizeAndTimes, result) == 0
            && StatusIn(result).IsRegularFile
            ? new(*(long*)(result + offsetOfSize), Ticks(result + offsetOfMtime), Ticks(result + offsetOfCtime)) : null;

        static long Ticks(byte* time) => (*(long*)time * TimeSpan.TicksPerSecond) + (*(uint*)(time + 8) / 100);
    }

    /// <summary>Device and inode of what a descriptor leads to, as <c>JOURNAL_STREAM</c> of systemd has them; null if
    /// it is closed.</summary>
    public static string? DeviceAndInode(int descriptor)
    {
        const int offsetOfInode = 32, offsetOfMajor = 136, offsetOfMinor = 140;
        using var file = new SafeFileHandle(descriptor, ownsHandle: false);
        var result = stackalloc byte[SizeOfStatx];
        if (Statx(file, "", EmptyPath, ModeUserGroup | Inode, result) != 0)
            return null;
        var (major, minor) = ((ulong)*(uint*)(result + offsetOfMajor), (ulong)*(uint*)(result + offsetOfMinor));
        // As in makedev(3).
        var device = ((major & 0xfffff000) << 32) | ((major & 0xfff) << 8)
            | ((minor & 0xffffff00) << 12) | (minor & 0xff);
        return string.Create(CultureInfo.InvariantCulture, $"{device}:{*(ulong*)(result + offsetOfInode)}");
    }

    /// <summary>True if something is mounted at a path. Needs Linux 5.8.</summary>
    public static bool IsMountPoint(string path)
    {
        const int offsetOfAttributes = 8, mountRoot = 0x2000;
        var result = stackalloc byte[SizeOfStatx];
        return Statx(CurrentDirectory, path, 0, ModeUserGroup, result) == 0
            && (*(ulong*)(result + offsetOfAttributes) & mountRoot) != 0;
    }

    /// <summary>Why a path leads to nothing: there may be a file, in a directory that is closed to this user.</summary>
    public static string WhyNothingIsAt(string path) =>
        StatusOf(path) is null && Marshal.GetLastPInvokeError() == AccessDenied
            ? "cannot be reached: permission denied"
            : "does not exist";

    /// <summary>True if nothing is at a path; false if that cannot be told.</summary>
    public static bool IsMissing(string path) =>
        StatusOf(path) is null && Marshal.GetLastPInvokeError() is NoEntry or NotADirectory;

    /// <summary>The absolute path without links, or null if it leads to nothing.</summary>
    public static string? RealPath(string path)
    {
        const int longest = 4096;
        var resolved = stackalloc byte[longest];
        return RealPath(path, resolved) is null ? null : Marshal.PtrToStringUTF8((nint)resolved);
    }

    /// <summary>True if nothing can be written to a file through the mount that its path leads to.</summary>
    public static bool IsMountedReadOnly(string path)
    {
        const int offsetOfFlags = 80, readOnly = 1;
        var result = stackalloc byte[SizeOfStatfs];
        return FileSystemStatus(path, result) == 0 && (*(long*)(result + offsetOfFlags) & readOnly) != 0;
    }

    /// <summary>Opens a file, and does not wait for the other end if it is a pipe.</summary>
    /// <returns>An invalid handle if it cannot be opened.</returns>
    public static SafeFileHandle OpenToRead(string path) =>
        new(Open(path, NonBlocking | CloseOnExec, 0), ownsHandle: true);

    /// <summary>Opens a file to lock it, and makes it if it is not there. A link in its place is an error.</summary>
    /// <returns>An invalid handle if it cannot be opened.</returns>
    public static SafeFileHandle OpenLockFile(string path)
    {
        const int readWrite = 0x2, ownerOnly = 0x180;
        return new SafeFileHandle(Open(path, readWrite | Create | NoFollow | CloseOnExec, ownerOnly), ownsHandle: true);
    }

    /// <summary>Whether files can be made in a directory; if not, the last error says why.</summary>
    public static bool MayWriteIn(string directory)
    {
        const int writeAndSearch = 2 | 1;
        return Access(directory, writeAndSearch) == 0;
    }

    /// <summary>Makes a rename in a directory survive a power loss.</summary>
    /// <exception cref="IOException">The directory cannot be synced.</exception>
    public static void SyncDirectory(string path)
    {
        using var directory = new SafeFileHandle(Open(path, OnlyDirectory | CloseOnExec, 0), ownsHandle: true);
        if (directory.IsInvalid || Fsync(directory) != 0)
            throw new IOException(LastErrorText());
    }

    private const uint ModeUserGroup = 0x1 | 0x2 | 0x8 | 0x10, Inode = 0x100;

    private static FileStatus StatusIn(byte* statx) =>
        new(*(uint*)(statx + 20), *(uint*)(statx + 24), *(ushort*)(statx + 28));
}
