using System.Globalization;
using Assimilator.Configuration;
using Assimilator.Report;

namespace Assimilator.Borg;

/// <summary>What a borg understands. There is one row for each version that changed something; a version in between is
/// like the row before it.</summary>
/// <param name="Since">The first version that is like this; the last number is that of a beta.</param>
internal sealed record BorgDialect(Version Since)
{
    private const int Final = 9999;

    private static readonly BorgDialect Borg11 = new(new Version(1, 1, 0, 0));

    private static readonly BorgDialect Borg12 = Borg11 with
    {
        Since = new(1, 2, 0, 0),
        HasCompact = true,
        HasMaxDuration = true,
    };

    private static readonly BorgDialect Borg14 = Borg12 with { Since = new(1, 4, 0, 0), HasModernExitCodes = true };

    private static readonly BorgDialect Borg145 = Borg14 with { Since = new(1, 4, 5, 0), HasQuickStats = true };

    private static readonly BorgDialect Borg2 = Borg14 with
    {
        Since = new(2, 0, 0, 0),
        IsBorg2 = true,
        Init = "repo-create",
        List = "repo-list",
        Info = "repo-info",
        MatchOption = "--match-archives",
        MatchStyle = "sh:",
        FileFormat = "{type}{path}{size}{mtime}{ctime}{hlid}",
        DefaultEncryption = "repokey-blake2-aes-ocb",
    };

    private static readonly BorgDialect Borg2Beta25 = Borg2 with
    {
        Since = new(2, 0, 0, 25),
        DefaultEncryption = "aes256-ocb",
    };

    /// <summary>Borg's names of them, of all versions.</summary>
    public static readonly IReadOnlyList<string> Encryptions =
    [
        "none", "authenticated", "authenticated-blake2", "repokey", "keyfile", "repokey-blake2", "keyfile-blake2",
        .. new[] { "repokey", "keyfile" }.SelectMany(place => new[] { "", "-blake2" }.SelectMany(hash =>
            new[] { "-aes-ocb", "-chacha20-poly1305" }.Select(cipher => $"{place}{hash}{cipher}"))),
        "aes256-ocb", "chacha20-poly1305", "authenticated-sha256", "authenticated-blake3",
    ];

    private static readonly IReadOnlyList<BorgDialect> Table = [Borg11, Borg12, Borg14, Borg145, Borg2, Borg2Beta25];

    /// <summary>The newest version that this was tried with.</summary>
    public const string Newest = "2.0.0b25";

    /// <summary>Of a borg whose version cannot be read.</summary>
    public static readonly BorgDialect Default = Borg12;

    /// <summary>Otherwise <c>prune</c> frees the space.</summary>
    public bool HasCompact { get; private init; }

    /// <summary><c>check --max-duration</c>.</summary>
    public bool HasMaxDuration { get; private init; }

    /// <summary>Each warning has a code of its own, from 100 on.</summary>
    public bool HasModernExitCodes { get; private init; }

    /// <summary><c>create --quick-stats</c>.</summary>
    public bool HasQuickStats { get; private init; }

    /// <summary>The repository is an option, archives of the same name form a series, and each has an id.</summary>
    public bool IsBorg2 { get; private init; }

    /// <summary>The command that creates a repository.</summary>
    public string Init { get; private init; } = "init";

    /// <summary>The command that lists the archives of a repository.</summary>
    public string List { get; private init; } = "list";

    /// <summary>The command that shows what is known of a repository.</summary>
    public string Info { get; private init; } = "info";

    public string DefaultEncryption { get; private init; } = "repokey-blake2";

    private string MatchOption { get; init; } = "--glob-archives";

    private string MatchStyle { get; init; } = "";

    /// <summary>What <c>list</c> tells about each file, as far as it is needed.</summary>
    public string FileFormat { get; private init; } = "{type}{path}{source}{size}{mtime}{ctime}{health}";

    /// <param name="borg">Null if it is not known.</param>
    public static BorgDialect Of(BorgExecutable? borg) => Of(borg?.Version);

    /// <param name="version">Null if it cannot be read.</param>
    public static BorgDialect Of(string? version) => Parse(version) is not { } number ? Default
        : Table.LastOrDefault(row => row.Since <= number) ?? Borg11;

    /// <summary>True if it may be unlike all that is known.</summary>
    public static bool IsNewer(string? version) => Parse(version) > Parse(Newest);

    /// <summary>Reads what borg prints about itself. It becomes a label for all to read, so it has to look like a
    /// version.</summary>
    public static string? VersionIn(string text) => text.Trim().Split(' ')[^1] is { Length: > 0 and <= 40 } word
        && char.IsAsciiDigit(word[0])
        && word.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '+' or '-')
        ? word
        : null;

    /// <summary>The arguments that choose archives by a pattern.</summary>
    public string Matching(string glob) => $"{MatchOption}={MatchStyle}{glob}";

    /// <summary>How a person lists archives by a pattern.</summary>
    public string ListCommand(string glob) => $"{List} {MatchOption} {CommandWords.Quote($"{MatchStyle}{glob}")}";

    /// <summary>The last arguments of a command about a repository.</summary>
    public IReadOnlyList<string> InRepository(string location) =>
        IsBorg2 ? [$"--repo={location}"] : ["--", location];

    /// <summary>The last arguments of a command about an archive; more may follow.</summary>
    public IReadOnlyList<string> InRepository(string location, string archive) =>
        IsBorg2 ? [$"--repo={location}", "--", archive] : ["--", $"{location}::{archive}"];

    /// <summary>The arguments that stand for the repository that borg has in its environment.</summary>
    public IReadOnlyList<string> Repository => IsBorg2 ? [] : ["::"];

    /// <summary>The arguments that stand for an archive in that repository.</summary>
    public IReadOnlyList<string> Archive(string archive) => [IsBorg2 ? archive : $"::{archive}"];

    /// <inheritdoc cref="Archive"/>
    public IReadOnlyList<string> MountedArchive(string archive) =>
        IsBorg2 ? [$"--match-archives={archive}"] : Archive(archive);

    /// <summary>A command about archives that is meant for the repository.</summary>
    public string OfRepository(string command) => command switch
    {
        "list" => List,
        "info" => Info,
        _ => command,
    };

    /// <summary>What borg finds an archive by, even if others have its name.</summary>
    public string NameOf(ArchiveReference archive) =>
        IsBorg2 && archive.Id is { } id ? $"aid:{id}" : archive.Name;

    private static Version? Parse(string? version)
    {
        var text = version ?? "";
        var end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
            end++;
        if (!Version.TryParse(text[..end].TrimEnd('.'), out var number))
            return null;
        var isBeta = end < text.Length && text[end] == 'b';
        return new(number.Major, number.Minor, Math.Max(number.Build, 0),
            isBeta && int.TryParse(text[(end + 1)..], CultureInfo.InvariantCulture, out var beta) ? beta : Final);
    }
}
