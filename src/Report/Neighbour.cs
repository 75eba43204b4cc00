namespace Assimilator.Report;

/// <summary>What another backup of this host knows about a repository.</summary>
/// <param name="Backup">Its name.</param>
/// <param name="Location">Of the repository, as its configuration names it.</param>
internal sealed record Neighbour(string Backup, string Location, RepositoryMemory Memory);

/// <summary>Damage that is known of a repository.</summary>
/// <param name="Neighbour">The other backup that found it; null if this one did.</param>
internal sealed record RepositoryDamage(DateTimeOffset Since, string? Neighbour)
{
    /// <summary>Another backup that has found no damage since; null if there is none.</summary>
    public string? ClearedBy { get; init; }

    /// <summary>What comes after "the repository has been".</summary>
    public string Text => $"damaged since {Since:yyyy-MM-dd HH:mm}Z"
        + (Neighbour is null ? "" : $", as the backup {Neighbour} has found");
}
