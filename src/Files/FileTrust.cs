using Assimilator.Native;
using Microsoft.Win32.SafeHandles;

namespace Assimilator.Files;

/// <summary>A place that others could change.</summary>
/// <param name="Path">The file, directory or link.</param>
/// <param name="Problem">Who could do what, to be read behind the path.</param>
/// <param name="Remedy">The command that mends it.</param>
/// <param name="IsOfAnother">It is another user's, and not only open to others.</param>
internal sealed record Distrust(string Path, string Problem, string Remedy, bool IsOfAnother = false);

/// <summary>
/// Which files are believed, by the one rule of sshd and sudo: a file that says what is run, or is run, and every directory on
/// the way to it as the kernel walks it, links included, belong to root or to the user who runs this program, and nobody else
/// can write them. Which means:
/// <list type="bullet">
/// <item>A group may write if nobody else is in it, and there is no access list (<see cref="UserGroups"/>).</item>
/// <item>A directory that others write may stand on the way if it is sticky: what root or we own in it, they cannot replace. A
/// link in it must be root's or ours as well; elsewhere only its directory counts.</item>
/// <item>What is named by a descriptor (<c>/dev/stdin</c>, <c>/dev/fd/3</c>) was opened by whoever started us: the file counts,
/// not the way to it.</item>
/// <item>A pipe or a device is never read, but where its owner could put something else in its place, that would be.</item>
/// <item>On a file system in user space, what is said of a file is what the user says who mounted it
/// (<see cref="TrustedUsers.ServerOf"/>).</item>
/// <item>What is mounted read-only into a container cannot be changed by anybody in there
/// (<see cref="TrustedUsers.CannotBeReached"/>).</item>
/// <item>What cannot be seen is not judged: it cannot be opened either. But what is not there, where others could put theirs, is
/// distrusted: they could have taken theirs away for the moment.</item>
/// </list>
/// </summary>
internal static class FileTrust
{
    private const int GroupWrite = 0x10, OtherWrite = 0x02, GroupRead = 0x20, OtherRead = 0x04;
    private const int MostLinks = 40;

    private enum Use
    {
        /// <summary>A file that is there.</summary>
        File,

        /// <summary>A directory to write in, which may have to be made.</summary>
        State,

        /// <summary>Only that nobody leads us elsewhere.</summary>
        Way,
    }

    /// <summary>The places by which others could change a file that is run or believed. None if there is no such file, and nobody else
    /// could make one.</summary>
    public static IReadOnlyList<Distrust> OfFile(string path)
    {
        var found = new List<Distrust>();
        Walk(path, Use.File, found);
        return found;
    }

    /// <summary>The places by which others could change what is kept in a directory, or lead it elsewhere before it is made.
    /// What root shares with a group to which we belong is root's to share.</summary>
    public static IReadOnlyList<Distrust> OfStateDirectory(string path)
    {
        var found = new List<Distrust>();
        Walk(path, Use.State, found);
        return found;
    }

    /// <summary>Opens a directory that may be somebody else's, but no other one to which that user has put a link.</summary>
    /// <exception cref="IOException">It cannot be opened, or there is such a link.</exception>
    public static SafeFileHandle OpenDirectory(string path)
    {
        var found = new List<Distrust>();
        var resolved = Walk(path, Use.Way, found);
        return found.Count > 0 ? throw new IOException($"{found[0].Path} {found[0].Problem}")
            : LibC.OpenDirectory(resolved ?? path);
    }

    /// <summary>Who else can read a file with a secret; null if nobody can. Where root's file is readable by a group and we
    /// are not root, we are who it is meant for, as with Kubernetes' fsGroup. systemd gives a unit its credentials by an access
    /// list, which shows as group permissions.</summary>
    /// <param name="credentials">systemd's <c>$CREDENTIALS_DIRECTORY</c>, if any.</param>
    public static Distrust? OfSecret(string path, string? credentials)
    {
        if (LibC.OwnershipOf(path) is not { } file || (file.Mode & (GroupRead | OtherRead)) == 0)
            return null;
        var isByGroup = file.UserId == 0 && !TrustedUsers.IsRoot;
        var isCredential = credentials?.Length > 1 && path.StartsWith($"{credentials}/", StringComparison.Ordinal)
            && !path.Contains("/../", StringComparison.Ordinal);
        if ((file.Mode & OtherRead) != 0)
            return new(path, "everybody can read", $"chmod {(isByGroup ? "640" : "600")} {path}");
        return isByGroup || isCredential ? null : new(path, $"group {file.GroupId} can read", $"chmod 600 {path}");
    }

    /// <summary>Goes to a file as the kernel does, and looks at all on the way.</summary>
    /// <returns>Its path without links, or null if there is nothing.</returns>
    private static string? Walk(string path, Use use, List<Distrust> found)
    {
        var left = new List<string>();
        var here = Enter("/", path);
        for (var links = 0; left.Count > 0;)
        {
            var name = left[^1];
            left.RemoveAt(left.Count - 1);
            var next = name switch { "." => here, ".." => Above(here), _ => Path.Join(here, name) };
            var isOfKernel = LibC.HasLinksOfKernel(Path.GetDirectoryName(next) ?? "/");
            // Before anything is asked of it: it need not answer.
            if (TrustedUsers.ServerOf(next, followLinks: isOfKernel) is { } server)
            {
                found.Add(new(next, $"is on a file system of user {server}, who could change what is in it",
                    $"mount it as {TrustedUsers.Owner}, or keep it elsewhere", IsOfAnother: true));
                return null;
            }
            var seen = LibC.OwnershipOf(next, followLinks: isOfKernel);
            // The kernel goes by other bytes than these, or by a shorter way; but no file has a longer name.
            const int longestName = 255;
            if (use != Use.Way && (name.Contains('\uFFFD') || (seen is null && !LibC.WasNothingThere && name.Length <= longestName)))
            {
                found.Add(new(next, "cannot be looked at, so nobody knows whose it is", "give it a shorter name, in UTF-8"));
                return null;
            }
            if (seen is not { } node)
            {
                // No second look: what was gone for the first may be back for it, and for whoever opens it next.
                if (use != Use.Way && LibC.OwnershipOf(here) is { IsSticky: true } && OthersWrite(here))
                    found.Add(new(next, "does not exist, and others could make it first",
                        use == Use.State ? $"mkdir -m 700 {next}" : $"keep it where only {TrustedUsers.Owner} can write"));
                return null;
            }
            if (!node.IsLink)
            {
                if (!(isOfKernel && node.IsPipeOrDevice))
                    Judge(next, node);
                // What is in there does not matter then, and need not even answer.
                if (found is [.., { IsOfAnother: true }])
                    return null;
                here = next;
                continue;
            }
            // It is not followed: its owner could have something else there by then, or nothing.
            if (!TrustedUsers.Own(next, node) && OthersWrite(here))
            {
                found.Add(new(next, $"is a link of user {node.UserId}, who could lead it elsewhere",
                    $"chown -h {TrustedUsers.Owner} {next}", IsOfAnother: true));
                return null;
            }
            if (++links > MostLinks || LibC.LinkTarget(next) is not { } target)
                return null;
            here = Enter(here, target);
        }
        return here;

        string Enter(string from, string target)
        {
            left.AddRange(target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
            if (target.StartsWith('/'))
                from = "/";
            if (from == "/" && LibC.OwnershipOf(from) is { } root)
                Judge(from, root);
            return from;
        }

        void Judge(string place, LibC.Ownership node)
        {
            if (use != Use.Way && Of(place, node, use, isLast: left.Count == 0) is { } distrust && !found.Contains(distrust))
                found.Add(distrust);
        }
    }

    private static Distrust? Of(string path, LibC.Ownership node, Use use, bool isLast)
    {
        var isOwned = TrustedUsers.Own(path, node);
        var keepsState = use == Use.State && isLast;
        var mayBeWritten = node.IsPipeOrDevice
            || (node is { IsDirectory: true, IsSticky: true } && !keepsState)
            || (use == Use.State && node.UserId == 0 && !TrustedUsers.IsRoot && (node.Mode & OtherWrite) == 0);
        var writers = mayBeWritten ? null : Writers(path, node);
        if ((isOwned && writers is null) || TrustedUsers.CannotBeReached(path))
            return null;
        var could = node.IsDirectory ? "could replace what is in it" : "could change it";
        var close = node.IsSticky && keepsState ? $"mkdir -m 700 {path}/assimilator, and name that" : $"chmod go-w {path}";
        return isOwned
            ? new(path, $"is writable by {writers} {could}", close)
            : new(path, $"belongs to user {node.UserId}, who {could}",
                $"chown {TrustedUsers.Owner} {path}{(writers is null ? "" : $"; {close}")}", IsOfAnother: true);
    }

    /// <summary>The directory above. Where a link of the kernel has led, only the kernel knows it.</summary>
    private static string Above(string directory)
    {
        var above = Path.GetDirectoryName(directory) ?? "/";
        return Path.GetFileName(directory) == ".." || LibC.HasLinksOfKernel(above) ? Path.Join(directory, "..") : above;
    }

    private static bool OthersWrite(string directory) => LibC.OwnershipOf(directory) is { } node
        && (!TrustedUsers.Own(directory, node) || Writers(directory, node) is not null)
        && !TrustedUsers.CannotBeReached(directory);

    /// <summary>Who else may write by the mode, or null.</summary>
    private static string? Writers(string path, LibC.Ownership node) =>
        (node.Mode & OtherWrite) != 0 ? "everybody, who"
        : (node.Mode & GroupWrite) != 0 && (!UserGroups.AreWhole(node.GroupId) || LibC.HasAccessList(path))
            ? $"group {node.GroupId}, which"
        : null;
}
