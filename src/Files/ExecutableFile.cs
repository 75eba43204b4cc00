using System.Text;
using Assimilator.Native;

namespace Assimilator.Files;

/// <summary>Finds and examines the files that are to be started.</summary>
internal static class ExecutableFile
{
    // cron's own PATH is /usr/bin:/bin, and borg's single-file releases are installed to /usr/local/bin.
    private static readonly string[] UsualDirectories =
        ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>An interpreter may be a script itself; what is deeper than this, the kernel does not start.</summary>
    private const int MostInterpreters = 6;

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
        const int anyExecute = 0x49;
        return LibC.OwnershipOf(path) is not { } file ? LibC.WhyNothingIsAt(path)
            : file.IsDirectory ? "is a directory"
            : !file.IsRegularFile ? "is a pipe or device, expected a file"
            : (file.Mode & anyExecute) == 0 ? "is not executable"
            : null;
    }

    /// <summary>Why the kernel would refuse a script for its first line, or null if it would not, or if that line cannot be
    /// read: then the start will tell.</summary>
    public static string? WhyBadFirstLine(string path)
    {
        if (FirstLine(path) is not { } line)
            return null;
        if (!line.StartsWith("#!", StringComparison.Ordinal))
            return line.All(character => character is >= ' ' and < '\x7f' or '\t' or '\r')
                ? "is neither a program nor a script that begins with '#!'"
                : null;
        if (line.EndsWith('\r'))
            return "has DOS line ends, which its interpreter would choke on";
        return Interpreter(line) is { } interpreter && !File.Exists(interpreter)
            ? $"asks in its first line for {interpreter}, which does not exist"
            : null;
    }

    /// <summary>The places by which others could have something else run in place of a program, or of a script's
    /// interpreter, or of that one's.</summary>
    public static IReadOnlyList<Distrust> WhoCouldChange(string path)
    {
        var places = FileTrust.OfFile(path);
        for (var depth = 0; places.Count == 0 && depth < MostInterpreters && Interpreter(FirstLine(path)) is { } next; depth++)
        {
            path = next;
            places = FileTrust.OfFile(path);
        }
        return places;
    }

    /// <summary>As the kernel reads it: between blanks, up to a zero byte, and from <c>/</c>, where children start.</summary>
    private static string? Interpreter(string? firstLine) =>
        firstLine?.StartsWith("#!", StringComparison.Ordinal) == true
            && firstLine[2..].Trim(' ', '\t').Split(' ', '\t', '\0')[0] is { Length: > 0 } interpreter
            ? Path.Join("/", interpreter)
            : null;

    /// <summary>Null if it cannot be read.</summary>
    private static string? FirstLine(string path)
    {
        const int longest = 256;
        var bytes = new byte[longest];
        // Opening a device may do something, and a pipe has no first line to come back to.
        if (LibC.OwnershipOf(path) is not { IsRegularFile: true })
            return null;
        try
        {
            using var file = LibC.OpenToRead(path);
            return file.IsInvalid ? null : Encoding.UTF8.GetString(bytes, 0, RandomAccess.Read(file, bytes, 0)).Split('\n')[0];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }
}
