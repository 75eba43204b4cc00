using Assimilator.Posix;
using Assimilator.Terminal;

namespace Assimilator.Configuration;

/// <summary>What came out of reading a configuration.</summary>
/// <param name="Configuration">Complete and right if there are no problems; otherwise only <see cref="CanReport"/> says
/// which part of it may be used.</param>
/// <param name="Problems">Everything that is wrong, in the order of the file.</param>
/// <param name="Warnings">What should be changed, but keeps nothing from being run.</param>
/// <param name="CanReport">True if it is certain whose report it is (name, job, instance, labels), and the state is
/// right.</param>
internal sealed record ConfigurationResult(
    BackupConfiguration Configuration, IReadOnlyList<ConfigurationProblem> Problems,
        IReadOnlyList<ConfigurationProblem> Warnings,
    bool CanReport)
{
    /// <summary>What the configuration was made from.</summary>
    public ConfigurationValues? Values { get; init; }

    public bool IsValid => Problems.Count == 0;

    /// <summary>True if every place is known to which a run reports. One that may be missing is good enough for a
    /// report, but what was left in it would not be forgotten.</summary>
    public bool CanForget => CanReport && !Problems.Any(problem =>
        NearestName.Of(problem.Section ?? "", Schema.Sections) is "textfile" or "pushgateway");
}

/// <summary>Reads a configuration file and finds everything that is wrong with it.</summary>
internal static class ConfigurationReader
{
    /// <param name="path">As the user named it.</param>
    public static ConfigurationResult Read(string path, IReadOnlyDictionary<string, string> environment)
    {
        if (AbsolutePath(path) is not { } file)
            return ReadText("", path, environment) with
            {
                Problems = [UnreadableFile(path, "the working directory no longer exists: use an absolute path")],
                CanReport = false,
            };
        var (text, failure, status, _) = TextFile.Read(file);
        var untrusted = FileTrust.Of(file, status);
        // Not even looked into: what it names would be opened, and shown in part.
        if (untrusted.Count > 0)
            return ReadText("", file, environment) with
            {
                Problems = [.. untrusted.Select(place => new ConfigurationProblem(
                    null, null, null, place.Path == file ? place.Problem
                        : $"{place.Path} {place.Problem}", place.Hint))],
                CanReport = false,
            };
        var result = ReadText(text ?? "", file, environment);
        return failure is null ? result : result with { Problems = [UnreadableFile(path, failure)], CanReport = false };
    }

    public static ConfigurationResult ReadText(string text, string file, IReadOnlyDictionary<string,
        string> environment)
    {
        var values = new ConfigurationValues(IncludedFiles.Read(text, file, environment), environment);
        UnknownNames.Find(values);
        var backup = BackupReader.Read(values, file);
        var configuration = new BackupConfiguration
        {
            File = file,
            Backup = backup,
            Repositories = StreamsReader.Expand(
                RepositoryReader.Read(values, file, backup), PathReader.HasSources(values), StreamsReader.Read(values)),
            Paths = PathReader.ReadPaths(values),
            Excludes = [.. values.List(Schema.Excludes).Select(item => item.Value)],
            Patterns = PathReader.ReadPatterns(values),
            Preexec = ScriptReader.Read(values, Schema.Preexec),
            Postexec = ScriptReader.Read(values, Schema.Postexec),
            Hooks = ReadHooks(values),
            Check = CheckReader.Read(values),
            GroupingLabels = PushgatewayReader.ReadGroupingLabels(values, backup.Name, backup.Instance),
            Pushgateway = PushgatewayReader.Read(values, file),
            Textfile = ReadTextfile(values),
            Logging = ReadLogging(values),
            Borg = BorgReader.Read(values),
            State = StateReader.Read(values),
            SecretVariables = values.Secrets.Variables,
            Secrets = values.Secrets.Texts,
        };
        var named = new HashSet<string>();
        return new(
            configuration,
            [
                .. values.Problems.Distinct().OrderBy(problem => problem.File, StringComparer.Ordinal)
                    .ThenBy(problem => problem.Line ?? int.MaxValue)
                    .Where(problem => problem.Place is null || named.Add(problem.Place)),
            ],
            [.. values.Warnings.Distinct()],
            CanReport: !values.Problems.Any(problem => ConcernsReport(problem, values)))
        {
            Values = values,
        };
    }

    private static string? AbsolutePath(string path)
    {
        try
        {
            return Path.GetFullPath(path);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>A mistyped name counts as what was probably meant: without it the report would go elsewhere.</summary>
    private static bool ConcernsReport(ConfigurationProblem problem, ConfigurationValues values) =>
        problem.Section is null || NearestName.Of(problem.Section, Schema.Sections) switch
        {
            // Whatever is not read may say whose report it is.
            "labels" or "include" => true,
            "pushgateway" => NearestName.Of(problem.Key ?? "", Schema.NamesIn("pushgateway")) is null or "job",
            // A report can do without the state, but not with a wrong one.
            "state" => problem.Place is null,
            "backup" => problem.Key is null
                ? !values.Has(Schema.Name)
                : NearestName.Of(problem.Key, Schema.NamesIn("backup")) is "name" or "instance",
            _ => false,
        };

    private static ConfigurationProblem UnreadableFile(string path, string failure) => new(null, null, null, failure,
        path == LoadedConfigurations.DefaultFile && !Path.Exists(path)
            ? $"name another file with -c, or begin with the example: assimilator print config > {path}"
            : null);

    private static HookSettings ReadHooks(ConfigurationValues values) => new(
        values.Get(Schema.ContinueOnFailure), values.Get(Schema.HookTimeout), values.Get(Schema.PostexecAfterCreate));

    private static LoggingSettings ReadLogging(ConfigurationValues values) => new(
        values.Get(Schema.Level), values.Get(Schema.SyslogEnabled));

    private static string? ReadTextfile(ConfigurationValues values)
    {
        var key = Schema.TextfilePath;
        if (values.HasSection(key.Section) && !values.Has(key))
            values.Add(key, "is missing, expected the path of a file that ends in '.prom'");
        if (PathReader.ReadAbsolute(values, key) is not { } path)
            return null;
        if (path.EndsWith(".prom", StringComparison.Ordinal))
            return path;
        values.Mismatch(key, "a name that ends in '.prom', because node_exporter reads no other", path);
        return null;
    }
}
