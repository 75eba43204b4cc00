using Assimilator.Configuration;
using Assimilator.Report;

namespace Assimilator.Run;

/// <summary>The report of a run as it is before anything has happened.</summary>
internal static class NewReport
{
    /// <param name="only">The one repository that somebody chose; null for all.</param>
    public static RunReport Of(
        BackupConfiguration configuration, DateTimeOffset startedAt, string? only = null) => new()
        {
            Backup = configuration.Backup.Name,
            StartedAt = startedAt,
            Repositories =
        [
            .. configuration.Repositories.Select(repository => new RepositoryReport
            {
                Name = repository.Name,
                Location = repository.Location,
                Stream = repository.Stream?.Label,
                Interval = repository.Interval,
                CheckInterval = configuration.Check?.Interval,
                RestoreInterval = configuration.Check?.RestoreEvery,
                IsLeftOut = only is not null && repository.Name != only,
            }),
        ],
        };
}
