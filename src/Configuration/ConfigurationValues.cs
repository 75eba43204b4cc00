using Assimilator.Posix;
using Assimilator.Terminal;

namespace Assimilator.Configuration;

/// <summary>The values of a configuration as typed answers. Whatever is wrong with one becomes a problem, and the
/// answer is then the default, so that reading goes on and finds the next.</summary>
internal sealed class ConfigurationValues
{
    private readonly IniText _ini;
    private readonly Dictionary<string, IniEntry> _entries;
    private readonly List<ConfigurationProblem> _problems;
    private readonly List<ConfigurationProblem> _warnings;
    private readonly string? _repository;

    public ConfigurationValues(IniText ini, IReadOnlyDictionary<string, string> environment)
    {
        _ini = ini;
        _entries = ini.Entries.ToDictionary(
            entry => $"{entry.Section}:{entry.Key}", StringComparer.OrdinalIgnoreCase);
        _problems = [.. ini.Problems];
        _warnings = [];
        Environment = environment;
        Secrets = new(environment);
    }

    private ConfigurationValues(ConfigurationValues all, string? repository)
    {
        (_ini, _entries, _problems, _warnings) = (all._ini, all._entries, all._problems, all._warnings);
        (Environment, Secrets, _repository) = (all.Environment, all.Secrets, repository);
    }

    public IReadOnlyList<ConfigurationProblem> Problems => _problems;

    /// <summary>What should be changed, but keeps nothing from being run.</summary>
    public IReadOnlyList<ConfigurationProblem> Warnings => _warnings;

    public KnownSecrets Secrets { get; }

    public IReadOnlyDictionary<string, string> Environment { get; }

    public IReadOnlyList<IniEntry> AllEntries => _ini.Entries;

    public IReadOnlyDictionary<string, IniSection> Sections => _ini.Sections;

    /// <summary>The same values as they are for one of several repositories: those of <c>[repository.NAME]</c> count
    /// before those of <c>[repository]</c>, and <c>[retention.NAME]</c> counts in place of
    /// <c>[retention]</c>.</summary>
    public ConfigurationValues For(string repository) => new(this, repository);

    public bool HasSection(string section) => _ini.Sections.ContainsKey(SectionFor(section));

    public bool Has(Key key) => Find(key) is not null;

    /// <summary>True if it is set for this repository, not for all of them.</summary>
    public bool HasOwn(Key key) => Find(key) is { } entry && entry.Section != key.Section;

    /// <summary>The included file in which a key stands; null for the configuration itself.</summary>
    public string? FileOf(Key key) => Find(key)?.File;

    public bool HasProblemIn(params string[] sections) => _problems.Any(
        problem => problem.Section is null || sections.Any(section => SectionFor(section) == problem.Section));

    public void Add(ConfigurationProblem problem) => _problems.Add(problem);

    /// <summary>A problem with the value of a key, or with its absence.</summary>
    public void Add(Key key, string message, string? hint = null) =>
        _problems.Add(About(key, message, hint));

    public void Warn(Key key, string message, string? hint = null) => _warnings.Add(About(key, message, hint));

    public void Add(IniEntry entry, string message, string? hint = null) =>
        _problems.Add(new(entry.Line, entry.Section, entry.Key, message, hint) { File = entry.File });

    /// <summary>A problem with a whole section, or with its absence.</summary>
    public void Add(string section, string message, string? hint = null)
    {
        var place = Place(section);
        _problems.Add(new(place?.Line, SectionFor(section), null, message, hint) { File = place?.File });
    }

    /// <summary>Makes a problem of each place by which others could change what a key names.</summary>
    /// <returns>False if there are none.</returns>
    public bool Refuse(Key key, IReadOnlyList<Untrusted> places) => Refuse(About(key, "", null), places);

    /// <inheritdoc cref="Refuse(Key, IReadOnlyList{Untrusted})"/>
    public bool Refuse(IniEntry entry, IReadOnlyList<Untrusted> places) =>
        Refuse(new ConfigurationProblem(entry.Line, entry.Section, entry.Key, "") { File = entry.File }, places);

    /// <summary>The value with its variables replaced; null if the key is not there or its value is unusable.</summary>
    public string? Text(Key key)
    {
        if (Find(key) is not { } entry)
            return null;
        var text = Expanded(entry, entry.Value, key.IsSecret);
        if (key.IsSecret)
            Secrets.Add(key, entry.Value, text);
        return text;
    }

    /// <inheritdoc cref="Text(Key)"/>
    public string? Text(IniEntry entry) => Expanded(entry, entry.Value, isSecret: false);

    /// <summary>True if the value, or part of it, comes from the environment: the file does not tell it.</summary>
    public bool NamesVariable(Key key) =>
        Find(key)?.Value.Replace("$$", "", StringComparison.Ordinal).Contains("${", StringComparison.Ordinal) == true;

    /// <summary>The value of a key, or its default; what does not fit its type becomes a problem.</summary>
    public T? Get<T>(Key<T> key)
    {
        if (Text(key) is not { } text)
            return key.DefaultValue;
        if (key.Type.TryParse(text, out var value))
            return value;
        Mismatch(key, key.Type.Expected, text);
        return key.DefaultValue;
    }

    /// <summary>Words as in <see cref="CommandWords"/>; variables are replaced in each word, after the cut.</summary>
    public IReadOnlyList<string> Words(Key key) => Find(key) is { } entry ? Words(entry) : [];

    /// <inheritdoc cref="Words(Key)"/>
    public IReadOnlyList<string> Words(IniEntry entry)
    {
        // As written: the provider takes the outer quotes off `"/opt/my script" "b c"`.
        if (IsUnusable(entry, entry.Written, isCommand: true))
            return [];
        if (CommandWords.Split(entry.Written) is not { } words)
        {
            Add(entry, CommandWords.Unclosed);
            return [];
        }
        var expanded = words.Select(word => Replaced(entry, word, isSecret: false)).OfType<string>().ToList();
        return expanded.Count == words.Count ? expanded : [];
    }

    /// <summary>The entries of a list, in the provider's order: numbers first, by number, then names.</summary>
    public IReadOnlyList<IniEntry> Entries(ListSection list) =>
    [
        .. _ini.Entries.Where(entry => entry.Section == list.Name)
            .OrderBy(entry => entry.Key, Microsoft.Extensions.Configuration.ConfigurationKeyComparer.Instance),
    ];

    /// <summary>The values of a list; those that are unusable are left out.</summary>
    public IReadOnlyList<(IniEntry Entry, string Value)> List(ListSection list) =>
    [
        .. Entries(list).Select(entry => (Entry: entry, Value: Text(entry)))
            .Where(item => item.Value is not null)
            .Select(item => (item.Entry, item.Value!)),
    ];

    /// <summary>The value is not what was expected. Shows it only in sections without secrets: elsewhere it may be one,
    /// or the line below with its line feed lost.</summary>
    public void Mismatch(Key key, string expected, string found, string? hint = null) => Add(
        key,
        $"expected {expected}" + (Schema.MayHoldSecret(key.Section) ? "" : $", found '{PlainText.Excerpt(found)}'"),
        hint);

    private bool Refuse(ConfigurationProblem problem, IReadOnlyList<Untrusted> places)
    {
        _problems.AddRange(places.Select(place => problem with
        {
            Message = $"{PlainText.Excerpt(place.Path, 200)} {place.Problem}",
            Hint = place.Hint,
            Place = place.Path,
        }));
        return places.Count > 0;
    }

    private ConfigurationProblem About(Key key, string message, string? hint)
    {
        if (Find(key) is { } entry)
            return new(entry.Line, entry.Section, key.Name, message, hint) { File = entry.File };
        var place = Place(key.Section);
        return new(place?.Line, SectionFor(key.Section), key.Name, message, hint) { File = place?.File };
    }

    private IniSection? Place(string section) => _ini.Sections.GetValueOrDefault(SectionFor(section));

    /// <summary>The section of this repository, if it has one of its own.</summary>
    private string SectionFor(string section) =>
        _repository is not null && Schema.PerRepository.Contains(section)
            && $"{section}.{_repository}" is var own && _ini.Sections.ContainsKey(own) ? own : section;

    private IniEntry? Find(Key key)
    {
        var section = SectionFor(key.Section);
        return _entries.GetValueOrDefault($"{section}:{key.Name}")
            ?? (Schema.IsInherited(key.Section) ? _entries.GetValueOrDefault($"{key.Section}:{key.Name}") : null);
    }

    private string? Expanded(IniEntry entry, string value, bool isSecret) =>
        IsUnusable(entry, value, isCommand: false) ? null : Replaced(entry, value, isSecret);

    private bool IsUnusable(IniEntry entry, string value, bool isCommand)
    {
        if (Schema.SecretNamed(entry.Key) is { } secret && secret.Section != Schema.KindOf(entry.Section))
            Add(entry, $"is a key of [{secret.Section}], not part of a list",
                $"is the header [{secret.Section}] missing or commented out?");
        else if (value.Length == 0)
            Add(entry, "has no value", "remove the line, or give it a value");
        else if (value.Any(character => char.IsControl(character) && character != '\t'))
            Add(entry, "contains a control character");
        else if (HasComment(isCommand ? CommandWords.MaskQuoted(value) : entry.IsQuoted ? "" : value))
            Add(entry, "inline comments are not supported",
                "move the comment to its own line, or put "
                    + (isCommand ? "it in double quotes" : "the whole value in double quotes"));
        else
            return false;
        return true;
    }

    private static bool HasComment(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] is ';' or '#' && (i == 0 || char.IsWhiteSpace(value[i - 1])))
                return true;
        }
        return false;
    }

    private string? Replaced(IniEntry entry, string value, bool isSecret)
    {
        var expansion = VariableExpansion.Of(value, Environment);
        if (expansion.IsMalformed)
            Add(entry, "expected '${NAME}' with the name of a variable", VariableExpansion.DollarHint);
        else if (expansion.Unset is { } name)
            // In a secret, what looks like a name may be part of it.
            Add(entry, isSecret || Schema.MayHoldSecret(entry.Section)
                ? "refers to an environment variable that is not set"
                : $"the environment variable {PlainText.Excerpt(name)} is not set", name == "CREDENTIALS_DIRECTORY"
                    ? "only systemd sets it, for the service: systemctl start assimilator"
                    : VariableExpansion.DollarHint);
        // A word may be empty if it is written so.
        else if (expansion.Text is "" && value.Length > 0)
            Add(entry, "has no value: its environment variable is empty");
        else
            return expansion.Text;
        return null;
    }
}
