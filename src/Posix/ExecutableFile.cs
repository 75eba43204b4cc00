using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Assimilator.Posix;

/// <summary>Finds and examines the files that are to be started.</summary>
internal static class ExecutableFile
{
    // cron's own PATH is /usr/bin:/bin, and borg's single-file releases are installed to /usr/local/bin.
    private static readonly string[] UsualDirectories =
        ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>The path of a program: as given if it holds a slash, otherwise the first executable file of that name
    /// in <c>PATH</c> and then in the usual directories.</summary>
    /// <returns>Null if there is none.</returns>
    public static string? Find(string program, string? searchPath)
    {
        if (program.Contains('/', StringComparison.Ordinal))
            return program;
        return (searchPath ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathRooted)
            .Concat(UsualDirectories)
            .Select(directory => Path.Combine(directory, program))
            .FirstOrDefault(path => LibC.StatusOf(path) is { IsRegularFile: true, IsExecutable: true });
    }

    /// <summary>Looks at a file that is to be started.</summary>
    /// <param name="untrusted">The paths by which others could have something else started.</param>
    /// <returns>Why it could not be started, or null. Goes by the mode alone: root may not run a file that has no x bit
    /// either.</returns>
    public static string? Examine(string path, out IReadOnlyList<Untrusted> untrusted)
    {
        using var file = LibC.OpenToRead(path);
        // What we may only execute cannot be opened.
        var status = file.IsInvalid ? LibC.StatusOf(path) : LibC.StatusOf(file);
        untrusted = FileTrust.Of(path, status);
        return status is not { } found ? LibC.WhyNothingIsAt(path)
            : found.IsDirectory ? "is a directory"
            : !found.IsRegularFile ? "is a pipe or device, expected a file"
            : !found.IsExecutable ? "is not executable"
            : WhyBadFirstLine(FirstLine(file));
    }

    /// <summary>Why the kernel would refuse a script for its first line, or null if it would not, or if that line
    /// cannot be read: then the start will tell.</summary>
    private static string? WhyBadFirstLine(string? line)
    {
        if (line is null)
            return null;
        if (!line.StartsWith("#!", StringComparison.Ordinal))
            return line.All(character => character is >= ' ' and < '\x7f' or '\t' or '\r')
                ? "is neither a program nor a script with a '#!' line"
                : null;
        if (line.EndsWith('\r'))
            return "has DOS line endings";
        var interpreter = line[2..].Trim(' ', '\t').Split(' ', '\t', '\0')[0];
        return interpreter.Length > 0 && !File.Exists(Path.Join("/", interpreter))
            ? $"needs the interpreter {interpreter}, which does not exist"
            : null;
    }

    private static string? FirstLine(SafeFileHandle file)
    {
        const int longest = 256;
        var bytes = new byte[longest];
        try
        {
            return file.IsInvalid ? null
                : Encoding.UTF8.GetString(bytes, 0, RandomAccess.Read(file, bytes, 0)).Split('\n')[0];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
