namespace Assimilator.Report;

/// <summary>Archives that follow one another: what one backup puts into one repository.</summary>
/// <param name="Location">Of the repository, as the configuration names it.</param>
/// <param name="Stream">The stream whose output they have; null for the paths.</param>
internal sealed record ArchiveSeries(string Location, string? Stream);
