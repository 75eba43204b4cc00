using System.Globalization;
using System.Text.Json;

namespace Assimilator.Borg;

/// <summary>What <c>borg list --json</c> prints.</summary>
internal sealed record ListOutput
{
    public IReadOnlyList<ListedArchive> Archives { get => field ?? []; init; }

    public RepositoryOutput? Repository { get; init; }

    /// <summary>Null if it cannot be read.</summary>
    public static ListOutput? Parse(ReadOnlySpan<byte> stdout)
    {
        try
        {
            return JsonSerializer.Deserialize(stdout, BorgJson.Default.ListOutput);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

internal sealed record ListedArchive
{
    public string? Name { get; init; }
    public string? Id { get; init; }

    /// <summary>When it was begun; without a zone, in the one of the borg process: UTC.</summary>
    public string? Time { get; init; }

    public DateTimeOffset? StartedAt => DateTimeOffset.TryParse(
        Time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
