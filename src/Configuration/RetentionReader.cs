using System.Text.RegularExpressions;
using Assimilator.Terminal;

namespace Assimilator.Configuration;

/// <summary>Reads <c>[retention]</c>, as it is for one repository.</summary>
internal static partial class RetentionReader
{
    /// <summary>Null without the section: then nothing is ever deleted.</summary>
    public static RetentionSettings? Read(ConfigurationValues values, string archive)
    {
        if (!values.HasSection("retention"))
            return null;
        var keep = new List<(string Rule, string Value)>();
        if (values.Text(Schema.KeepWithin) is { } within)
        {
            if (Interval().IsMatch(within))
                keep.Add(("within", within));
            else
                values.Mismatch(Schema.KeepWithin, "a number with one of the letters H, d, w, m, y, such as '2d'",
                    within);
        }
        foreach (var rule in Schema.Keep.Where(values.Has))
        {
            if (values.Get(rule) is not (null or 0) and var number)
                keep.Add((rule.Name, number.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }
        if (keep.Count == 0 && !values.HasProblemIn("retention"))
            values.Add("retention", "keeps nothing, so every archive would be deleted",
                "set how many to keep, such as 'daily = 7', or remove the section to keep all");
        var glob = ReadGlob(values, archive);
        return new RetentionSettings(keep, glob, values.Get(Schema.Compact), values.Get(Schema.Adopt));
    }

    private static string ReadGlob(ConfigurationValues values, string archive)
    {
        if (values.Text(Schema.GlobArchives) is { } glob)
        {
            if (values.HasSection(Schema.Streams.Name))
                values.Add(Schema.GlobArchives,
                    "is not possible with [streams], because each stream has its own pattern",
                    "remove the line: the patterns then follow from [backup] archive");
            if (glob.AsSpan().Trim("*?").IsEmpty)
                values.Warn(Schema.GlobArchives,
                    "matches every archive in the repository, including those of other backups",
                    "remove the line: the pattern then follows from [backup] archive");
            return glob;
        }
        if (values.Has(Schema.GlobArchives) || ArchiveTemplate.Parse(archive, out _) is not { } template)
            return "";
        if (!template.HasFixedPrefix)
            values.Add(Schema.GlobArchives, "is needed, because [backup] archive has no fixed beginning "
                + "that tells this backup's archives from others",
                "start archive with fixed text, such as the name of the backup");
        else if (template.Vague is { } placeholder)
            values.Add(Schema.GlobArchives,
                $"is needed, because '{PlainText.Excerpt(placeholder)}' in [backup] archive has no fixed form "
                + "that tells this backup's archives from others",
                    "write the time in archive as '{now:%Y-%m-%dT%H:%M:%S}'");
        return template.GlobArchives;
    }

    [GeneratedRegex(@"\A[1-9][0-9]{0,5}[SMHdwmy]\z")]
    private static partial Regex Interval();
}
