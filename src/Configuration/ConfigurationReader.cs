using System.Text.RegularExpressions;
using Assimilator.Borg;
using Assimilator.Files;
using Assimilator.Terminal;

namespace Assimilator.Configuration;

/// <summary>What came out of reading a configuration.</summary>
/// <param name="Configuration">Complete and right if there are no problems; otherwise only <see cref="CanReport"/> says
/// which part of it may be used.</param>
/// <param name="Problems">Everything that is wrong, in the order of the file.</param>
/// <param name="Warnings">What should be changed, but keeps nothing from being run.</param>
/// <param name="CanReport">True if what a report needs (name, gateway, labels, state) is right.</param>
internal sealed record ConfigurationResult(
    BackupConfiguration Configuration, IReadOnlyList<ConfigurationProblem> Problems, IReadOnlyList<ConfigurationProblem> Warnings,
    bool CanReport)
{
    /// <summary>True if every place is known to which a run reports. One that may be missing is good enough for a report, but
    /// what was left in it would not be forgotten.</summary>
    public bool CanForget => CanReport && !Problems.Any(problem =>
        NearestName.Of(problem.Section ?? "", ConfigurationKeys.Sections) == ConfigurationKeys.TextfilePath.Section);
}

/// <summary>Reads a configuration file and finds everything that is wrong with it.</summary>
internal static partial class ConfigurationReader
{
    public const string DefaultFile = "/etc/assimilator.ini";

    private static readonly string[] LooksSecret = ["passphrase", "password", "pass"];

    /// <summary>Reads a file.</summary>
    /// <param name="path">As the user named it.</param>
    public static ConfigurationResult Read(string path, IReadOnlyDictionary<string, string> environment)
    {
        if (AbsolutePath(path) is not { } file)
            return ReadText("", path, environment) with
            {
                Problems = [UnreadableFile(path, "the working directory is no more, so a relative path leads nowhere")],
                CanReport = false,
            };
        var places = FileTrust.OfFile(file);
        // Not even read: what it names would be opened, and shown in part.
        if (places.Count > 0)
            return ReadText("", file, environment) with
            {
                Problems = [.. places.Select(place => new ConfigurationProblem(
                    null, null, null, place.Path == file ? place.Problem : $"{place.Path} {place.Problem}", place.Remedy))],
                CanReport = false,
            };
        var (text, failure, _) = TextFile.Read(file);
        var result = ReadText(text ?? "", file, environment);
        return failure is null ? result : result with { Problems = [UnreadableFile(path, failure)], CanReport = false };
    }

    /// <summary>Reads the text of a file.</summary>
    public static ConfigurationResult ReadText(string text, string file, IReadOnlyDictionary<string, string> environment)
    {
        var values = new ConfigurationValues(IniText.Parse(text), environment);
        FindUnknownNames(values);
        var backup = ReadBackup(values, file);
        var configuration = new BackupConfiguration
        {
            File = file,
            Backup = backup,
            Repository = RepositoryReader.Read(values, file),
            Paths = PathReader.ReadPaths(values),
            Excludes = [.. values.List(ConfigurationKeys.Excludes).Select(item => item.Value)],
            Patterns = PathReader.ReadPatterns(values),
            Preexec = ScriptReader.Read(values, ConfigurationKeys.Preexec),
            Postexec = ScriptReader.Read(values, ConfigurationKeys.Postexec),
            Hooks = ReadHooks(values),
            Retention = RetentionReader.Read(values, backup.Archive),
            GroupingLabels = PushgatewayReader.ReadGroupingLabels(values, backup.Name),
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
            [.. values.Problems.OrderBy(problem => problem.Line ?? int.MaxValue)
                .Where(problem => problem.Place is null || named.Add(problem.Place))],
            values.Warnings,
            CanReport: !values.Problems.Any(problem => ConcernsReport(problem, values)));
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
        problem.Section is null || NearestName.Of(problem.Section, ConfigurationKeys.Sections) switch
        {
            "pushgateway" or "labels" => true,
            // A report can do without the state, but not with a wrong one.
            "state" => problem.Place is null,
            "backup" => problem.Key is null
                ? !values.Has(ConfigurationKeys.Name)
                : NearestName.Of(problem.Key, ConfigurationKeys.NamesIn("backup")) == ConfigurationKeys.Name.Name,
            _ => false,
        };

    private static ConfigurationProblem UnreadableFile(string path, string failure) => new(null, null, null, failure,
        path == DefaultFile && !Path.Exists(path)
            ? $"name another file with -c, or begin with the example: assimilator print config > {DefaultFile}"
            : null);

    private static void FindUnknownNames(ConfigurationValues values)
    {
        foreach (var (section, line) in values.Sections.Where(section => !ConfigurationKeys.Sections.Contains(section.Key)))
        {
            // [passphrase = …] is no name.
            var near = NearestName.Of(section, ConfigurationKeys.Sections);
            var isShown = near is not null || !section.AsSpan().ContainsAny('=', ':');
            values.Add(new(line, isShown ? PlainText.Excerpt(section, 40) : "…", null,
                isShown ? "unknown section" : "unknown section (not shown, it could be part of a secret)",
                near is not null ? $"did you mean [{near}]?" : $"known are {string.Join(", ", ConfigurationKeys.Sections)}"));
        }
        foreach (var entry in values.AllEntries)
        {
            var known = ConfigurationKeys.NamesIn(entry.Section);
            if (known.Contains(entry.Key.ToLowerInvariant()))
                continue;
            if (known.Count > 0)
                values.Add(UnknownKey(entry, known));
            // A passphrase under another name, or among the labels of a list.
            if (NearestName.Of(entry.Key, LooksSecret) is not null && !Path.IsPathRooted(entry.Value))
                values.Secrets.Add(entry.Value);
        }
    }

    /// <summary>Where a secret may stand, a key that resembles no other may be the secret itself, typed in the wrong place.</summary>
    private static ConfigurationProblem UnknownKey(IniEntry entry, IReadOnlyList<string> known)
    {
        var homes = ConfigurationKeys.SectionsWith(entry.Key);
        var near = NearestName.Of(entry.Key, known);
        var isShown = Identifier().IsMatch(entry.Key)
            && (homes.Count > 0 || near is not null || !ConfigurationKeys.MayHoldSecret(entry.Section));
        return new(entry.Line, entry.Section, isShown ? entry.Key : null,
            isShown ? "unknown key" : "unknown key (not shown, it could be part of a secret)",
            homes.Count > 0 ? $"it is a key of [{string.Join("] and [", homes)}]"
            : near is not null ? $"did you mean '{near}'?"
            // Borg's own names, such as keep-daily.
            : isShown && known.FirstOrDefault(name => entry.Key.EndsWith($"-{name}", StringComparison.OrdinalIgnoreCase)
                || entry.Key.EndsWith($"_{name}", StringComparison.OrdinalIgnoreCase)) is { } end ? $"did you mean '{end}'?"
            : $"known here are {string.Join(", ", known)}");
    }

    private static BackupSettings ReadBackup(ConfigurationValues values, string file)
    {
        var name = values.Text(ConfigurationKeys.Name) ?? Path.GetFileNameWithoutExtension(file);
        if (name.Length is 0 or > 100 || name[0] == '.' || name.Contains('/', StringComparison.Ordinal))
            values.Add(ConfigurationKeys.Name,
                $"expected at most 100 characters, without '/' and without '.' in front, found '{PlainText.Excerpt(name)}'",
                values.Has(ConfigurationKeys.Name) ? null : "the name of the file is used when there is no name");

        var archive = values.Text(ConfigurationKeys.Archive) ?? ConfigurationKeys.Archive.Default;
        if (ArchiveTemplate.Parse(archive, out var problem) is { } template)
        {
            if (!template.VariesByRun)
                values.Add(ConfigurationKeys.Archive, "gives every archive the same name, so every run but the first would fail",
                    "add '{now:%Y-%m-%dT%H:%M:%S}'");
        }
        else
        {
            values.Add(ConfigurationKeys.Archive, problem!);
        }

        var compression = values.Text(ConfigurationKeys.Compression) ?? ConfigurationKeys.Compression.Default;
        if (!CompressionSpec().IsMatch(compression))
            values.Mismatch(ConfigurationKeys.Compression, "none, lz4, zstd (with a level up to 22, as in 'zstd,10'), "
                + "zlib or lzma (up to 9), and 'auto,' in front if wanted", compression);

        var excludeIfPresent = values.Text(ConfigurationKeys.ExcludeIfPresent);
        if (excludeIfPresent?.Contains('/', StringComparison.Ordinal) == true)
            values.Mismatch(ConfigurationKeys.ExcludeIfPresent, "the name of a file, without '/'", excludeIfPresent);

        return new BackupSettings(
            name, archive, compression,
            ReadInterval(values),
            values.Flag(ConfigurationKeys.PathsMustExist, true),
            values.Flag(ConfigurationKeys.OneFileSystem, false),
            values.Flag(ConfigurationKeys.ExcludeCaches, false),
            values.Flag(ConfigurationKeys.ExcludeNodump, false),
            excludeIfPresent,
            values.Duration(ConfigurationKeys.ShutdownTimeout, null) ?? TimeSpan.FromSeconds(60));
    }

    /// <summary>Nothing is backed up every few seconds: whoever writes <c>24</c> means hours.</summary>
    private static TimeSpan? ReadInterval(ConfigurationValues values)
    {
        var interval = values.Duration(ConfigurationKeys.Interval, null);
        if (interval < TimeSpan.FromMinutes(1))
            values.Add(ConfigurationKeys.Interval, $"expected at least a minute, found {Quantities.Duration(interval.Value)}",
                "a number alone is seconds; hours are '24h'");
        return interval;
    }

    private static HookSettings ReadHooks(ConfigurationValues values) => new(
        values.OneOf(ConfigurationKeys.OnFailure, false, ("abort", false), ("continue", true)),
        values.DurationOrNone(ConfigurationKeys.HookTimeout, TimeSpan.FromHours(1)));

    private static LoggingSettings ReadLogging(ConfigurationValues values) => new(
        values.OneOf(ConfigurationKeys.Level, LogLevel.Info, ("error", LogLevel.Error), ("warning", LogLevel.Warning),
            ("info", LogLevel.Info), ("debug", LogLevel.Debug)),
        values.Flag(ConfigurationKeys.SyslogEnabled, false));

    private static string? ReadTextfile(ConfigurationValues values)
    {
        var key = ConfigurationKeys.TextfilePath;
        if (values.HasSection(key.Section) && !values.Has(key))
            values.Add(key, "is missing, expected the path of a file that ends in '.prom'");
        if (PathReader.ReadAbsolute(values, key) is not { } path)
            return null;
        if (path.EndsWith(".prom", StringComparison.Ordinal))
            return path;
        values.Mismatch(key, "a name that ends in '.prom', because node_exporter reads no other", path);
        return null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,40}\z")]
    private static partial Regex Identifier();

    [GeneratedRegex(
        @"\A(obfuscate,[0-9]{1,3},)?(auto,)?(none|lz4|zstd(,([1-9]|1[0-9]|2[0-2]))?|(zlib|lzma)(,[0-9])?)\z")]
    private static partial Regex CompressionSpec();
}
