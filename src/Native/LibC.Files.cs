using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Assimilator.Native;

// What .NET's functions for files cannot say: which links are followed, who owns what, in which directory.
internal static unsafe partial class LibC
{
    private const int WriteOnly = 0x1, Create = 0x40, Exclusive = 0x80, NonBlocking = 0x800, PathOnly = 0x200000, EmptyPath = 0x1000, LinkItself = 0x100,
        OwnerOnly = 0x180;

    /// <summary>Owner and mode of a file, as <c>statx</c> gives them.</summary>
    public readonly record struct Ownership(uint UserId, uint GroupId, int Mode)
    {
        public bool IsRegularFile => (Mode & 0xf000) == 0x8000;
        public bool IsDirectory => (Mode & 0xf000) == 0x4000;
        public bool IsLink => (Mode & 0xf000) == 0xa000;
        public bool IsPipeOrDevice => !IsRegularFile && !IsDirectory && !IsLink;
        public bool IsSticky => (Mode & 0x200) != 0;
    }

    /// <summary>Owner and mode of what a path leads to, or null when there is nothing or it cannot be seen.</summary>
    /// <param name="followLinks">False for those of a link itself, if the path ends in one.</param>
    public static Ownership? OwnershipOf(string path, bool followLinks = true)
    {
        var result = stackalloc byte[SizeOfStatx];
        return Statx(CurrentDirectory, path, followLinks ? 0 : LinkItself, ModeUserGroup, result) == 0 ? OwnershipIn(result) : null;
    }

    /// <summary>Owner and mode of an open file, or of one in an open directory.</summary>
    public static Ownership? OwnershipOf(SafeFileHandle file, string name = "")
    {
        var result = stackalloc byte[SizeOfStatx];
        return Statx(file, name, EmptyPath | LinkItself, ModeUserGroup, result) == 0 ? OwnershipIn(result) : null;
    }

    /// <summary>After <see cref="OwnershipOf(string, bool)"/> found nothing: true if that is so, or the way is closed to us; false if
    /// it could not be seen for another reason.</summary>
    public static bool WasNothingThere =>
        System.Runtime.InteropServices.Marshal.GetLastPInvokeError() is NoEntry or NotADirectory or AccessDenied;

    /// <summary>Why a path leads to nothing: there may be a file, in a directory that is closed to this user.</summary>
    public static string WhyNothingIsAt(string path) =>
        OwnershipOf(path) is null && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == AccessDenied
            ? "cannot be reached: permission denied"
            : "does not exist";

    /// <summary>True if the file has an access list: its group's permission bits are then the most that the list may give.</summary>
    public static bool HasAccessList(string path) => GetAttribute(path, "system.posix_acl_access", null, 0) > 0;

    /// <summary>True if nothing can be written here through the mount that the path leads to.</summary>
    public static bool IsMountedReadOnly(string path)
    {
        const int offsetOfFlags = 80, readOnly = 1;
        using var place = OpenItself(path, PathOnly);
        var result = stackalloc byte[SizeOfStatfs];
        return FileSystemStatus(place, result) == 0 && (*(long*)(result + offsetOfFlags) & readOnly) != 0;
    }

    /// <summary>True for the directories of <c>/proc</c>, whose links are no text: what they lead to need not have that name,
    /// or any.</summary>
    public static bool HasLinksOfKernel(string directory)
    {
        const int proc = 0x9fa0;
        var result = stackalloc byte[SizeOfStatfs];
        return FileSystemStatus(directory, result) == 0 && *(long*)result == proc;
    }

    /// <summary>The number of the device on which a file lies, as /proc/self/mountinfo has it. Who tells what is on that device is
    /// not asked, and need not answer.</summary>
    public static string? DeviceOf(string path, bool followLinks)
    {
        const int askNobody = 0x4000, dontMount = 0x800, offsetOfDevice = 136;
        var result = stackalloc byte[SizeOfStatx];
        return Statx(CurrentDirectory, path, askNobody | dontMount | (followLinks ? 0 : LinkItself), 0, result) == 0
            ? $"{*(uint*)(result + offsetOfDevice)}:{*(uint*)(result + offsetOfDevice + 4)}" : null;
    }

    /// <summary>True if a program tells what is here, and not the kernel (FUSE).</summary>
    public static bool IsFileSystemInUserSpace(string path)
    {
        const int fuse = 0x65735546;
        using var place = OpenItself(path, PathOnly);
        var result = stackalloc byte[SizeOfStatfs];
        return FileSystemStatus(place, result) == 0 && *(long*)result == fuse;
    }

    /// <summary>What a link says, or null if it is none.</summary>
    public static string? LinkTarget(string path)
    {
        const int longest = 4096;
        var text = stackalloc byte[longest];
        return ReadLink(path, text, longest) is > 0 and var length ? Encoding.UTF8.GetString(text, (int)length) : null;
    }

    /// <summary>True if the kernel does not take even root for somebody who may act as the owner: in a user namespace, the
    /// owner is then a user whom it does not have.</summary>
    public static bool IsOwnedOutside(string path)
    {
        const int keepAccessTime = 0x40000;
        using var file = OpenItself(path, keepAccessTime | NonBlocking);
        return file.IsInvalid && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == NotPermitted;
    }

    /// <summary>Opens a file, and does not wait for the other end if it is a pipe.</summary>
    /// <returns>An invalid handle if it cannot be opened.</returns>
    public static SafeFileHandle OpenToRead(string path) => new(Open(path, NonBlocking | CloseOnExec, 0), ownsHandle: true);

    /// <summary>As the other one, and a link is an error.</summary>
    /// <returns>An invalid handle if it cannot be opened.</returns>
    public static SafeFileHandle OpenToRead(SafeFileHandle directory, string name) =>
        new(OpenAt(directory, name, NonBlocking | NoFollow | CloseOnExec, 0), ownsHandle: true);

    /// <summary>Opens a file to lock it, and makes it if it is not there. A link in its place is an error.</summary>
    public static SafeFileHandle OpenLockFile(string path)
    {
        const int readWrite = 0x2;
        return new SafeFileHandle(Open(path, readWrite | Create | NoFollow | CloseOnExec, OwnerOnly), ownsHandle: true);
    }

    /// <summary>Opens a file and empties it. A link in its place is an error.</summary>
    /// <returns>An invalid handle if it cannot be opened.</returns>
    public static SafeFileHandle OpenEmptied(string path)
    {
        const int truncate = 0x200;
        return new SafeFileHandle(Open(path, WriteOnly | truncate | NoFollow | CloseOnExec, 0), ownsHandle: true);
    }

    /// <summary>Opens a directory by a path without links: one that somebody has put in the way is an error.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static SafeFileHandle OpenDirectory(string path)
    {
        var directory = new SafeFileHandle(Open("/", PathOnly | OnlyDirectory | CloseOnExec, 0), ownsHandle: true);
        foreach (var name in $"{path}/.".Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            using var parent = directory;
            directory = new SafeFileHandle(
                OpenAt(parent, name, OnlyDirectory | NoFollow | CloseOnExec | (name == "." ? 0 : PathOnly), 0), ownsHandle: true);
            if (directory.IsInvalid)
                throw new IOException($"cannot open {path}: {LastErrorText()}");
        }
        return directory;
    }

    /// <summary>Makes a file that only its owner can read. One that is there already is an error.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static SafeFileHandle CreateFile(SafeFileHandle directory, string name)
    {
        var file = new SafeFileHandle(
            OpenAt(directory, name, WriteOnly | Create | Exclusive | NoFollow | CloseOnExec, OwnerOnly), ownsHandle: true);
        return file.IsInvalid ? throw new IOException(LastErrorText()) : file;
    }

    /// <summary>Puts a file in place of another one, so that it survives a power loss.</summary>
    /// <exception cref="IOException">It cannot be renamed, or the directory cannot be synced.</exception>
    public static void Replace(SafeFileHandle directory, string name, string by)
    {
        if (RenameAt(directory, by, directory, name) != 0 || Fsync(directory) != 0)
            throw new IOException(LastErrorText());
    }

    /// <summary>Removes a file.</summary>
    /// <returns>False if it is not there or cannot be removed.</returns>
    public static bool Remove(SafeFileHandle directory, string name) => UnlinkAt(directory, name, 0) == 0;

    /// <summary>Opens what was looked at, and not what a link leads to that has come in its place since.</summary>
    private static SafeFileHandle OpenItself(string path, int flags)
    {
        var noFollow = HasLinksOfKernel(Path.GetDirectoryName(path) ?? "/") ? 0 : NoFollow;
        return new(Open(path, flags | noFollow | CloseOnExec, 0), ownsHandle: true);
    }

    private const uint ModeUserGroup = 0x1 | 0x2 | 0x8 | 0x10;

    private static Ownership OwnershipIn(byte* statx) =>
        new(*(uint*)(statx + 20), *(uint*)(statx + 24), *(ushort*)(statx + 28));
}
