using System.Text;

namespace Assimilator.Configuration;

/// <summary>A configuration written down as it counts: includes and variables are resolved, each repository has what it
/// inherits, and defaults are spelled out. Without secrets, and with them put back, it reads as the same one.</summary>
/// <param name="mask">Takes secrets out of a value.</param>
internal sealed class EffectiveConfiguration(BackupConfiguration configuration, Func<string, string> mask)
{
    private static readonly Key[] PassphraseSources =
        [Schema.Passphrase, Schema.PassphraseFile, Schema.Passcommand];

    /// <summary>The text of an INI file.</summary>
    public string Write(ConfigurationValues values)
    {
        var sections = new List<string>();
        foreach (var kind in Schema.Sections.Where(kind => kind != Schema.Include.Name))
        {
            if (Schema.Lists.FirstOrDefault(list => list.Name == kind) is { } list)
                sections.Add(Section(kind, string.Concat(values.Entries(list).Select(entry => Line(
                    entry.Key, list.IsCommands ? Command(values.Words(entry)) : Quoted(values.Text(entry)!))))));
            else if (Schema.PerRepository.Contains(kind))
                sections.AddRange(configuration.Repositories.DistinctBy(repository => repository.Name).Select(
                    repository => repository.Name is { } name
                        ? Keys(kind, $"{kind}.{name}", values.For(name), repository)
                        : Keys(kind, kind, values, repository)));
            else
                sections.Add(Keys(kind, kind, values, configuration.Repositories[0]));
        }
        return string.Join('\n', sections.Where(section => section.Length > 0));
    }

    /// <summary>What is set, then the defaults of what is not, then what is neither.</summary>
    private string Keys(string kind, string section, ConfigurationValues values, RepositorySettings repository)
    {
        if (Schema.IsOptional(kind) && !values.HasSection(kind))
            return "";
        var (set, defaults, unset) = (new StringBuilder(), new StringBuilder(), new List<string>());
        foreach (var key in Schema.All.Where(key => key.Section == kind))
        {
            if (values.Has(key) && !IsReplaced(key, values))
                set.Append(Line(key.Name, Value(key, values)));
            else if (Default(key, values, repository) is { } text)
                defaults.Append(Line(key.Name, Quoted(text)));
            else
                unset.Add(key.Name);
        }
        return Section(section, set
            + (defaults.Length > 0 ? $"; defaults:\n{defaults}" : "")
            + (unset.Count > 0 ? $"; not set: {string.Join(", ", unset)}\n" : ""));
    }

    /// <summary>The repository has a passphrase of its own in place of the one for all.</summary>
    private static bool IsReplaced(Key key, ConfigurationValues values) =>
        PassphraseSources.Contains(key) && !values.HasOwn(key) && PassphraseSources.Any(values.HasOwn);

    private string Value(Key key, ConfigurationValues values) =>
        key.IsCommand ? Command(values.Words(key))
        : key.IsSecret && key != Schema.Url ? Quoted("***")
        : Quoted(values.Text(key)!);

    /// <summary>The value that counts where a key is not set; null if there is none, or it cannot be written
    /// down.</summary>
    private string? Default(Key key, ConfigurationValues values, RepositorySettings repository) =>
        key == Schema.Name ? configuration.Backup.Name
        : key == Schema.Instance ? configuration.Backup.Instance
        : key == Schema.Archive ? configuration.Backup.Archive
        : key == Schema.RepositoryInterval ? values.Text(Schema.Interval)
        // Each stream has a pattern of its own.
        : key == Schema.GlobArchives && values.HasSection(Schema.Streams.Name) ? null
        : key == Schema.GlobArchives ? repository.Retention?.GlobArchives
        : key == Schema.StateDirectory ? configuration.State.Directory
        : key.IsDescription || key.Default.Length == 0 ? null
        : key.Default;

    private static string Section(string name, string lines) => lines.Length == 0 ? "" : $"[{name}]\n{lines}";

    /// <summary>A line can hold anything but the end of a line, and other control characters are refused when it is
    /// read.</summary>
    private static string Line(string key, string value) =>
        value.Any(character => char.IsControl(character) && character != '\t')
            ? $"; {key} contains a control character, from a variable\n" : $"{key} = {value}\n";

    private string Quoted(string text) => $"\"{Literal(text)}\"";

    private string Command(IReadOnlyList<string> words) =>
        string.Join(' ', words.Select(word => CommandWords.Quote(Literal(word))));

    /// <summary>A dollar would begin a variable.</summary>
    private string Literal(string text) => mask(text).Replace("$", "$$", StringComparison.Ordinal);
}
