using Assimilator.Posix;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Run;

/// <summary>A source path that would contribute nothing, or not what was meant.</summary>
internal sealed record SourceProblem(string Path, string Problem, string Hint);

/// <summary>Looks at the source paths before borg does, without waiting forever for a file server that does not
/// answer.</summary>
internal static class SourceCheck
{
    private const string MountHint = "is it mounted?";

    /// <summary>Looks at each path; stops early when a signal arrives.</summary>
    /// <param name="earlier">The paths as they were at the last success.</param>
    public static (IReadOnlyList<SourceState> Sources, IReadOnlyList<SourceProblem> Problems) Look(
        IEnumerable<string> paths, IReadOnlyList<SourceState> earlier, Interruption interruption)
    {
        var sources = new List<SourceState>();
        var problems = new List<SourceProblem>();
        foreach (var path in paths)
        {
            var responds = BoundedLook.TryLook(
                () => Look(path, earlier.FirstOrDefault(source => source.Path == path)), interruption, out var seen);
            if (interruption.IsRequested)
                break;
            var (source, problem) = responds ? seen
                : (null, new(path, "does not respond", "check that its file server is up"));
            if (source is not null)
                sources.Add(source);
            if (problem is not null)
                problems.Add(problem);
        }
        return (sources, problems);
    }

    /// <summary>Shows what is wrong with the paths.</summary>
    /// <param name="mustExist">No archive is created then.</param>
    public static void Show(IReadOnlyList<SourceProblem> problems, bool mustExist, Messages messages)
    {
        foreach (var (path, problem, hint) in problems)
            messages.Show(new($"the path {path} {problem}", hint)
            {
                Severity = mustExist ? LogLevel.Error : LogLevel.Warning,
                IsFault = true,
            });
    }

    private static (SourceState? Source, SourceProblem? Problem) Look(string path, SourceState? earlier)
    {
        // Borg stores a link as a link, also if it is written with a slash at its end.
        var trimmed = path.Length > 1 ? path.TrimEnd('/') : path;
        if (new FileInfo(trimmed).LinkTarget is not null)
            return (null, new(path, "is a symbolic link, and borg would store only the link",
                $"list its target instead{(LibC.RealPath(trimmed) is { } target ? $": {target}" : "")}"));
        if (!Path.Exists(path))
            return (null, new(path, LibC.WhyNothingIsAt(path), path.Contains(" /", StringComparison.Ordinal)
                ? "give each path its own line in [paths]" : MountHint));
        var isMountPoint = LibC.IsMountPoint(trimmed);
        try
        {
            var isEmpty = IsEmpty(path);
            var problem = !isEmpty ? null
                : earlier is { IsMountPoint: true } && !isMountPoint ? "is empty and no longer mounted"
                : earlier is { IsEmpty: false } ? "is empty, but was not when the last archive was created"
                : null;
            return (new(path, isEmpty, isMountPoint), problem is null ? null
                : new(path, problem, $"{MountHint} if it is meant to be empty, take it out of [paths]"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, new(path, $"cannot be read: {exception.Message}",
                "run assimilator as a user who can read it"));
        }
    }

    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    private static bool IsEmpty(string path)
    {
        if (Directory.Exists(path))
            return !Directory.EnumerateFileSystemEntries(path).Any();
        // A pipe or a device is not to be opened: that can have effects.
        if (LibC.StatusOf(path) is { IsRegularFile: true })
        {
            using var file = LibC.OpenToRead(path);
            if (file.IsInvalid)
                throw new IOException(LibC.LastErrorText());
        }
        return false;
    }
}
