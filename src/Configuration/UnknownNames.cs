using System.Text.RegularExpressions;
using Assimilator.Terminal;

namespace Assimilator.Configuration;

/// <summary>Finds the sections and keys that nobody knows, and says what was probably meant.</summary>
internal static partial class UnknownNames
{
    private static readonly string[] LooksSecret = ["passphrase", "password", "pass"];

    public static void Find(ConfigurationValues values)
    {
        foreach (var (section, place) in values.Sections.Where(
            section => !Schema.Sections.Contains(Schema.KindOf(section.Key))))
        {
            // [passphrase = …] is no name.
            var near = NearestName.Of(section, Schema.Sections);
            var isShown = near is not null || !section.AsSpan().ContainsAny('=', ':');
            values.Add(new(place.Line, isShown ? PlainText.Excerpt(section, 40) : "…", null,
                isShown ? "unknown section" : "unknown section (not shown, it could be part of a secret)",
                near is not null ? $"did you mean [{near}]?" : $"known: {string.Join(", ", Schema.Sections)}")
            {
                File = place.File,
            });
        }
        foreach (var section in values.AllEntries.GroupBy(entry => entry.Section))
        {
            var known = Schema.NamesIn(section.Key);
            foreach (var entry in section.Where(
                entry => !known.Contains(entry.Key, StringComparer.OrdinalIgnoreCase)))
            {
                if (known.Count > 0)
                    values.Add(UnknownKey(entry, known) with { File = entry.File });
                // A passphrase under another name, or among the labels of a list.
                if (NearestName.Of(entry.Key, LooksSecret) is not null && !Path.IsPathRooted(entry.Value))
                    values.Secrets.Add(entry.Value);
            }
        }
    }

    /// <summary>Where a secret may stand, a key that resembles no other may be the secret itself, typed in the wrong
    /// place.</summary>
    private static ConfigurationProblem UnknownKey(IniEntry entry, IReadOnlyList<string> known)
    {
        if (Schema.Moved.FirstOrDefault(moved =>
            moved.Section == entry.Section && moved.Name == entry.Key) is { Now: { } now })
            return new(entry.Line, entry.Section, entry.Key, $"is now [{now.Section}] {now.Name}",
                $"move the line to [{now.Section}]");
        var homes = Schema.SectionsWith(entry.Key);
        var near = NearestName.Of(entry.Key, known);
        var isShown = Identifier().IsMatch(entry.Key)
            && (homes.Count > 0 || near is not null || !Schema.MayHoldSecret(entry.Section));
        return new(entry.Line, entry.Section, isShown ? entry.Key : null,
            isShown ? "unknown key" : "unknown key (not shown, it could be part of a secret)",
            homes.Count > 0 ? $"it is a key of [{string.Join("] and [", homes)}]"
            : near is not null ? $"did you mean '{near}'?"
            // Borg's own names, such as keep-daily.
            : isShown && known.FirstOrDefault(name => entry.Key.EndsWith($"-{name}", StringComparison.OrdinalIgnoreCase)
                || entry.Key.EndsWith($"_{name}", StringComparison.OrdinalIgnoreCase)) is { } end
                    ? $"did you mean '{end}'?"
            : $"known here: {string.Join(", ", known)}");
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,40}\z")]
    private static partial Regex Identifier();
}
