namespace Assimilator.Borg;

/// <summary>A repository that borg has just opened.</summary>
/// <param name="Id">Borg's; null if its output cannot be read.</param>
/// <param name="Newest">The newest archive of the series; null if there is none, or it is not known by its
/// name.</param>
/// <param name="BorgVersion">Of the borg on this host.</param>
internal sealed record OpenedRepository(string? Id, ListedArchive? Newest, string? BorgVersion);
