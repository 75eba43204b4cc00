using Assimilator.Configuration;
using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Borg;

/// <summary>What a configuration asks for and the installed borg does not have. Runs ignore it: a warning every night
/// would change nothing.</summary>
internal static class MissingFeatures
{
    /// <param name="borg">Null if it is not known.</param>
    public static IReadOnlyList<Problem> Of(BackupConfiguration configuration, BorgExecutable? borg)
    {
        var dialect = BorgDialect.Of(borg);
        (Key Key, bool IsMissing, string Since)[] features =
        [
            (Schema.QuickStats, configuration.Backup.QuickStats && !dialect.HasQuickStats && !dialect.IsBorg2, "1.4.5"),
            (Schema.Accept, configuration.Backup.Accept.Count > 0 && !dialect.HasModernExitCodes, "1.4"),
            (Schema.MaxDuration, configuration.Check?.MaxDuration is not null && !dialect.HasMaxDuration, "1.2"),
        ];
        return borg?.Version is not { } version ? [] :
        [
            .. features.Where(feature => feature.IsMissing).Select(feature => new Problem(
                $"[{feature.Key.Section}] {feature.Key.Name} has no effect with borg {version}",
                $"it needs borg {feature.Since} or later")),
        ];
    }
}
