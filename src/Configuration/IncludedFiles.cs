using Assimilator.Posix;
using Assimilator.Terminal;

namespace Assimilator.Configuration;

/// <summary>Reads the files that a configuration includes: each before the one that names it, so that what is set later
/// wins.</summary>
internal sealed class IncludedFiles
{
    /// <summary>Nobody needs so many; links can make endless ones.</summary>
    private const int MostFiles = 100;

    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly List<IniText> _texts = [];
    private readonly List<ConfigurationProblem> _problems = [];
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly Stack<string> _open = new();

    private IncludedFiles(IReadOnlyDictionary<string, string> environment) => _environment = environment;

    /// <param name="text">Of the configuration.</param>
    /// <param name="file">Its absolute path.</param>
    public static IniText Read(string text, string file, IReadOnlyDictionary<string, string> environment)
    {
        var files = new IncludedFiles(environment);
        files.Add(IniText.Parse(text), file);
        return IniText.Merge(files._texts, files._problems);
    }

    private void Add(IniText ini, string file)
    {
        _open.Push(file);
        var values = new ConfigurationValues(ini, _environment);
        var included = values.List(Schema.Include);
        _problems.AddRange(values.Problems.Skip(ini.Problems.Count));
        foreach (var (entry, path) in included)
            Include(entry, Path.GetFullPath(path, Path.GetDirectoryName(file)!));
        _open.Pop();
        _texts.Add(ini);
    }

    private void Include(IniEntry entry, string path)
    {
        if (_open.Contains(path))
        {
            Add(entry, $"{PlainText.Excerpt(path, 200)} also includes this file: a loop",
                "remove one of the two lines");
            return;
        }
        if (!_read.Add(path))
            return;
        if (_read.Count > MostFiles)
        {
            Add(entry, "too many files are included");
            return;
        }
        var (text, failure, status, _) = TextFile.Read(path);
        // Not even looked into, as with the configuration itself.
        var untrusted = FileTrust.Of(path, status);
        foreach (var place in untrusted)
            Add(entry, $"{PlainText.Excerpt(place.Path, 200)} {place.Problem}", place.Hint, place.Path);
        if (untrusted.Count > 0)
            return;
        if (failure is not null)
            Add(entry, $"{PlainText.Excerpt(path, 200)} {failure}");
        else
            Add(IniText.Parse(text!, path), path);
    }

    private void Add(IniEntry entry, string message, string? hint = null, string? place = null) =>
        _problems.Add(new(entry.Line, entry.Section, entry.Key, message, hint) { File = entry.File, Place = place });
}
