using System.Globalization;
using Assimilator.Native;

namespace Assimilator.Files;

/// <summary>Whose files are believed: root's, and those of the user who runs this program.</summary>
internal static class TrustedUsers
{
    /// <summary>Stands for every user whom a user namespace does not have.</summary>
    private const uint OverflowUser = 65534;

    private static readonly uint Me = LibC.EffectiveUserId();

    /// <summary>By device.</summary>
    private static readonly Dictionary<string, string?> Servers = [];

    public static bool IsRoot => Me == 0;

    /// <summary>The user to whom a file must belong, for <c>chown</c>.</summary>
    public static string Owner => IsRoot ? "root" : Me.ToString(CultureInfo.InvariantCulture);

    /// <summary>Our name and home, or null if /etc/passwd does not know us.</summary>
    public static (string Name, string Home)? Account
    {
        get
        {
            foreach (var line in TextFile.ReadLines("/etc/passwd") ?? [])
            {
                if (line.Split(':') is [var name, _, var user, _, _, var home, ..] && user == Me.ToString(CultureInfo.InvariantCulture))
                    return (name, home);
            }
            return null;
        }
    }

    /// <summary>True if a file is root's or ours.</summary>
    public static bool Own(string path, LibC.Ownership file) =>
        file.UserId == 0 || file.UserId == Me || (file.UserId == OverflowUser && IsOwnedOutside(path));

    /// <summary>The other user whose program says what is in a file system and whose it is (FUSE), or null if there is none.</summary>
    public static string? ServerOf(string path, bool followLinks)
    {
        if (LibC.DeviceOf(path, followLinks) is not { } device)
            return null;
        string? user;
        lock (Servers)
        {
            if (!Servers.TryGetValue(device, out user))
                Servers[device] = user = ServerIn(TextFile.ReadLines("/proc/self/mountinfo") ?? [], device,
                    orElse: () => LibC.IsFileSystemInUserSpace(path) ? "unknown" : null);
        }
        return user == "0" || user == Me.ToString(CultureInfo.InvariantCulture) ? null : user;
    }

    /// <summary>Who mounted a device, as in <c>36 35 0:33 / /mnt rw - fuse.sshfs host: rw,user_id=1000,group_id=1000</c>, if that is
    /// one of FUSE. What stands in the last place, the kernel says; the rest that user chooses.</summary>
    /// <param name="orElse">The answer where the device is not among the mounts: there is no /proc, or btrfs has numbers of
    /// its own. Only then asked for, as the program may not answer.</param>
    internal static string? ServerIn(IEnumerable<string> mounts, string device, Func<string?> orElse) =>
        mounts.Select(mount => mount.Split(' ')).FirstOrDefault(fields => fields is [_, _, var number, ..] && number == device) is { } fields
            // Where no user is named, it is not one that a user could have mounted: virtiofs.
            ? fields[^1].Split(',').FirstOrDefault(option => option.StartsWith("user_id=", StringComparison.Ordinal))?[8..]
            : orElse();

    /// <summary>True for what is mounted read-only into a container, as Kubernetes does with its (writable for everybody)
    /// volumes: nobody in there can change it, and who mounted it answers for it. Elsewhere, as under systemd's ProtectSystem,
    /// the same directory is writable for those who are not confined. Its PrivatePIDs cannot be told from a container.</summary>
    public static bool CannotBeReached(string path)
    {
        const string processesOfTheHost = "pid:[4026531836]";
        return new FileInfo("/proc/self/ns/pid").LinkTarget is { } processes && processes != processesOfTheHost
            && LibC.IsMountedReadOnly(path);
    }

    /// <summary>True if we are in a user namespace without the host's root, where all of root's files are shown as
    /// nobody's, and the file is not that of a nobody in here.</summary>
    private static bool IsOwnedOutside(string path)
    {
        // The kernel gives it to the root of the host, not to that of a namespace.
        if (LibC.OwnershipOf("/proc") is not { UserId: OverflowUser })
            return false;
        var isNamespace = false;
        foreach (var line in TextFile.ReadLines("/proc/self/uid_map") ?? [])
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var first, _, var count])
                continue;
            isNamespace = true;
            var start = ulong.Parse(first, CultureInfo.InvariantCulture);
            if (start <= OverflowUser && OverflowUser < start + ulong.Parse(count, CultureInfo.InvariantCulture))
                return IsRoot && LibC.IsOwnedOutside(path);
        }
        return isNamespace;
    }
}
