namespace Assimilator.Report;

/// <summary>Archives that follow one another: what one backup puts into one repository.</summary>
/// <param name="Location">Of the repository, as the configuration names it.</param>
/// <param name="Stream">The stream whose output they have; null for the paths.</param>
internal sealed record ArchiveSeries(string Location, string? Stream)
{
    /// <summary>What tells one of several apart: the repository's name and the stream; null for the only one.</summary>
    public static string? Label(string? repository, string? stream) =>
        (repository, stream) is ({ }, { }) ? $"{repository} {stream}" : repository ?? stream;
}
