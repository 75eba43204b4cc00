using System.Text;

namespace Assimilator.Configuration;

/// <summary>Reads <c>[streams]</c>: the output of each command is a series of archives of its own.</summary>
internal static class StreamsReader
{
    private const int LongestFile = 200;

    /// <summary>The commands, each with the name of its file.</summary>
    public static IReadOnlyList<Script> Read(ConfigurationValues values)
    {
        var endings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in values.Entries(Schema.Streams))
        {
            if (!IsFile(entry.Key))
                values.Add(entry, "expected the relative path of the file in the archive, such as 'dumps/shop.sql'",
                    "the command comes after '=': dumps/shop.sql = /usr/bin/pg_dump shop");
            else if (!endings.TryAdd(ArchiveTemplate.Literal(entry.Key), entry.Key))
                values.Add(entry, $"would give its archives the names of {endings[ArchiveTemplate.Literal(entry.Key)]}",
                    "choose another file name");
        }
        if (values.HasSection(Schema.Streams.Name) && values.Entries(Schema.Streams).Count == 0
            && !values.HasProblemIn(Schema.Streams.Name))
            values.Add(Schema.Streams.Name, "expected at least one stream, such as "
                + "'dumps/shop.sql = /usr/bin/pg_dump shop'");
        return ScriptReader.Read(values, Schema.Streams);
    }

    /// <summary>For each repository, the series of the paths, if there are any, and one for each stream.</summary>
    public static IReadOnlyList<RepositorySettings> Expand(
        IReadOnlyList<RepositorySettings> repositories, bool hasPaths, IReadOnlyList<Script> streams) =>
    [
        .. repositories.SelectMany(repository => streams.Select(stream => Of(repository, stream))
            // With neither, there is a problem, but still a backup to report on.
            .Prepend(hasPaths || streams.Count == 0 ? repository : null)).OfType<RepositorySettings>(),
    ];

    private static RepositorySettings Of(RepositorySettings repository, Script stream)
    {
        var archive = $"{repository.Archive}-{ArchiveTemplate.Literal(stream.Label)}";
        return repository with
        {
            Archive = archive,
            Stream = stream,
            Retention = repository.Retention is not { } retention ? null : retention with
            {
                GlobArchives = ArchiveTemplate.Parse(archive, out _)?.GlobArchives ?? "",
            },
        };
    }

    private static bool IsFile(string name) => Encoding.UTF8.GetByteCount(name) <= LongestFile
        && !name.Any(char.IsControl)
        && name.Split('/').All(part => part is not ("" or "." or ".."));
}
