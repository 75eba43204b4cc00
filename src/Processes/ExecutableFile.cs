using System.Text;

namespace Assimilator.Processes;

/// <summary>Finds and examines the files that are to be started.</summary>
internal static class ExecutableFile
{
    // cron's own PATH is /usr/bin:/bin, and borg's single-file releases are installed to /usr/local/bin.
    private static readonly string[] UsualDirectories =
        ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>The path of a program: as given if it holds a slash, otherwise the first executable file of that name in
    /// <c>PATH</c> and then in the usual directories.</summary>
    /// <returns>Null if there is none.</returns>
    public static string? Find(string program, string? searchPath)
    {
        if (program.Contains('/', StringComparison.Ordinal))
            return program;
        return (searchPath ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathRooted)
            .Concat(UsualDirectories)
            .Select(directory => Path.Combine(directory, program))
            .FirstOrDefault(path => WhyNotExecutable(path) is null);
    }

    /// <summary>Why a file cannot be started, or null if it can. Goes by the mode alone: root may not run a file that has
    /// no x bit either.</summary>
    public static string? WhyNotExecutable(string path)
    {
        const UnixFileMode anyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        if (Directory.Exists(path))
            return "is a directory";
        if (!File.Exists(path))
            return LibC.WhyNothingIsAt(path);
        // Opening a pipe would wait for its other end.
        if (LibC.OwnershipOf(path) is { IsRegularFile: false })
            return "is a pipe or device, expected a file";
        return (File.GetUnixFileMode(path) & anyExecute) == 0 ? "is not executable" : null;
    }

    /// <summary>Why the kernel would refuse a script for its first line, or null if it would not, or if that line cannot be
    /// read: then the start will tell.</summary>
    public static string? WhyBadFirstLine(string path)
    {
        const int longest = 256;
        var bytes = new byte[longest];
        int count;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            count = file.ReadAtLeast(bytes, longest, throwOnEndOfStream: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        var line = Encoding.Latin1.GetString(bytes, 0, count).Split('\n')[0];
        if (!line.StartsWith("#!", StringComparison.Ordinal))
            return line.All(character => character is >= ' ' and < '\x7f' or '\t' or '\r')
                ? "is neither a program nor a script that begins with '#!'"
                : null;
        if (line.EndsWith('\r'))
            return "has DOS line ends, which its interpreter would choke on";
        var interpreter = line[2..].Trim().Split(' ', '\t')[0];
        return interpreter.StartsWith('/') && !File.Exists(interpreter)
            ? $"asks in its first line for {interpreter}, which does not exist"
            : null;
    }

    /// <summary>Who else than root could change a file that root is to run, or null if nobody could.</summary>
    public static string? WhyNotTrusted(string path)
    {
        const int groupWrite = 0x10, otherWrite = 0x02;
        if (LibC.EffectiveUserId() != 0 || LibC.OwnershipOf(path) is not { } file)
            return null;
        if (file.UserId != 0)
            return $"belongs to user {file.UserId}, who could have root run anything";
        if ((file.Mode & otherWrite) != 0)
            return "is writable by everybody, who could have root run anything";
        return (file.Mode & groupWrite) != 0 && file.GroupId != 0
            ? $"is writable by group {file.GroupId}, which could have root run anything"
            : null;
    }
}
