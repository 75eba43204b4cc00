using System.Globalization;
using System.Text;
using Assimilator.Native;

namespace Assimilator.Files;

/// <summary>Whose files are believed: root's, and those of the user who runs this program.</summary>
internal static class TrustedUsers
{
    /// <summary>Stands for every user whom a user namespace does not have.</summary>
    private const uint OverflowUser = 65534;

    private static readonly uint Me = LibC.EffectiveUserId();

    public static bool IsRoot => Me == 0;

    /// <summary>The user to whom a file must belong, for <c>chown</c>.</summary>
    public static string Owner => IsRoot ? "root" : Me.ToString(CultureInfo.InvariantCulture);

    /// <summary>True if /etc/passwd knows us.</summary>
    public static bool HasName => (Lines("/etc/passwd") ?? []).Any(line =>
        line.Split(':') is [_, _, var user, ..] && user == Me.ToString(CultureInfo.InvariantCulture));

    /// <summary>True if a file is root's or ours.</summary>
    public static bool Own(string path, LibC.Ownership file) =>
        file.UserId == 0 || file.UserId == Me || (file.UserId == OverflowUser && IsOwnedOutside(path));

    /// <summary>True if nobody but root and we are in a group, as in the private groups that Debian and Fedora give to each
    /// user, or in <c>staff</c>, to which Debian gave /usr/local. Where a directory service, which is not asked, could put more
    /// people into a group, that is only group 0, which is root's even where no file says so.</summary>
    public static bool AreWhole(uint group)
    {
        if (Lines("/etc/group") is not { } groups || Lines("/etc/passwd") is not { } users)
            return false;
        if (group != 0 && !AreAll(groups, users))
            return false;
        var id = group.ToString(CultureInfo.InvariantCulture);
        var me = Me.ToString(CultureInfo.InvariantCulture);
        var isKnown = group == 0;
        var members = new HashSet<string>();
        foreach (var line in groups)
        {
            if (line.Split(':') is not [var name, _, var number, var names, ..] || number != id)
                continue;
            isKnown = true;
            members.UnionWith(Names(names));
            // Readable for root alone: who may make themselves members, and whether a password does.
            foreach (var shadow in Lines("/etc/gshadow") ?? [])
            {
                if (shadow.Split(':') is not [var shadowed, var password, var administrators, ..] || shadowed != name)
                    continue;
                if (password is not ("" or ['!' or '*', ..]))
                    return false;
                members.UnionWith(Names(administrators));
            }
        }
        foreach (var line in users)
        {
            if (line.Split(':') is not [var name, _, var user, var primary, ..])
                continue;
            if (user == "0" || user == me)
                members.Remove(name);
            else if (primary == id)
                return false;
        }
        return isKnown && members.Count == 0;

        static string[] Names(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>The other user whose program says what is in a file system and whose it is (FUSE), or null if there is none.</summary>
    public static string? ServerOf(string path)
    {
        if (LibC.DeviceServedByAProgram(path) is not { } device)
            return null;
        // As in "36 35 0:33 / /mnt rw - fuse.sshfs host: rw,user_id=1000,group_id=1000".
        var options = (Lines("/proc/self/mountinfo") ?? []).FirstOrDefault(line => line.Split(' ') is [_, _, var number, ..] && number == device);
        var user = options?.Split(',').FirstOrDefault(option => option.StartsWith("user_id=", StringComparison.Ordinal))?[8..];
        return user == "0" || user == Me.ToString(CultureInfo.InvariantCulture) ? null : user ?? "unknown";
    }

    /// <summary>True if these files, and what systemd makes up, name everybody there is (nsswitch.conf(5)).</summary>
    private static bool AreAll(string[] groups, string[] users)
    {
        // A line of NIS; the source "compat" then asks there.
        if (groups.Concat(users).Any(line => line.StartsWith('+')))
            return false;
        return Lines("/etc/nsswitch.conf")?.All(line => line.Split('#')[0].Split(':') is not [var database, var sources]
            || database.Trim() is not ("passwd" or "group" or "initgroups")
            || sources.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).All(source => source is "files" or "compat" or "systemd"
                || source.Contains('=', StringComparison.Ordinal))) == true;
    }

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
        foreach (var line in Lines("/proc/self/uid_map") ?? [])
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

    /// <summary>None where the file is not there; null if it cannot be read, so that nobody knows what it says.</summary>
    private static string[]? Lines(string path)
    {
        const int longest = 64 * 1024 * 1024;
        // The names of people may be in any encoding.
        return LibC.OwnershipOf(path) is null ? [] : TextFile.Read(path, longest, encoding: Encoding.Latin1).Text?.Split('\n');
    }
}
