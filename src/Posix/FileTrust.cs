namespace Assimilator.Posix;

/// <summary>A path that others could change or read.</summary>
/// <param name="Path">The file or directory.</param>
/// <param name="Problem">What is wrong with it, to be read behind the path.</param>
/// <param name="Hint">How to fix it.</param>
internal sealed record Untrusted(string Path, string Problem, string Hint);

/// <summary>The rule of sshd and sudo: root runs and believes only what nobody else can change. The file and every
/// directory on the way to it belong to root and are not writable by others. Sticky directories are fine, and so are
/// group 0 and Debian's <c>staff</c>.</summary>
internal static class FileTrust
{
    private const int GroupWrite = 0x10, OtherWrite = 0x02, GroupRead = 0x20, OtherRead = 0x04;
    private const uint Root = 0, Staff = 50;

    private static readonly bool IsRoot = LibC.EffectiveUserId() == Root;

    /// <summary>The paths by which others could change a file, links resolved. None unless we are root.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="file">Its status; what is not a regular file is refused for that.</param>
    public static IReadOnlyList<Untrusted> Of(string path, LibC.FileStatus? file)
    {
        if (!IsRoot || file is not { IsRegularFile: true } status)
            return [];
        var found = new List<Untrusted?>();
        foreach (var directory in Directories(path).Union(Directories(LibC.RealPath(path) ?? path)))
        {
            if (LibC.StatusOf(directory) is { } above)
                found.Add(Judge(directory, above, $"move {path} to a directory owned by root, such as /etc"));
        }
        found.Add(Judge(path, status, $"chown root {path}"));
        return [.. found.OfType<Untrusted>()];
    }

    /// <summary>Why a file is too open for a secret, for every user; null if it is not. A group may read systemd's
    /// credentials, and root's files that are shared with us, as with the fsGroup of Kubernetes.</summary>
    /// <param name="credentials">systemd's <c>$CREDENTIALS_DIRECTORY</c>, if any.</param>
    public static Untrusted? OfSecret(string path, LibC.FileStatus file, string? credentials)
    {
        if ((file.Mode & OtherRead) != 0)
            return new(path, "is readable by everyone", $"chmod o= {path}");
        var isShared = (file.UserId == Root && !IsRoot)
            || (credentials?.Length > 1
                && Path.GetFullPath(path).StartsWith($"{credentials}/", StringComparison.Ordinal));
        return (file.Mode & GroupRead) == 0 || isShared ? null
            : new(path, $"is readable by group {file.GroupId}", $"chmod 600 {path}");
    }

    private static Untrusted? Judge(string path, LibC.FileStatus file, string whoseHint)
    {
        var problem = file.UserId != Root ? $"belongs to user {file.UserId}, not to root"
            : file is { IsDirectory: true, IsSticky: true } ? null
            : (file.Mode & OtherWrite) != 0 ? "is writable by everyone"
            : (file.Mode & GroupWrite) != 0 && file.GroupId is not (Root or Staff)
                ? $"is writable by group {file.GroupId}"
            : null;
        return problem is null || IsFixedInContainer(path) ? null
            : new(path, problem, file.UserId != Root ? whoseHint : $"chmod go-w {path}");
    }

    /// <summary>What is mounted read-only into a container nobody in there can change; Kubernetes mounts volumes with
    /// mode 777 like this.</summary>
    private static bool IsFixedInContainer(string path)
    {
        const string processesOfTheHost = "pid:[4026531836]";
        return new FileInfo("/proc/self/ns/pid").LinkTarget is { } processes && processes != processesOfTheHost
            && LibC.IsMountedReadOnly(path);
    }

    private static IEnumerable<string> Directories(string path)
    {
        for (var i = path.IndexOf('/', 1); i > 0; i = path.IndexOf('/', i + 1))
            yield return path[..i];
    }
}
