namespace Assimilator.State;

/// <summary>Which groups a backup reported to under an earlier identity. No gateway forgets a group by
/// itself.</summary>
internal static class LeftBehind
{
    /// <param name="current">Null if nothing is pushed.</param>
    /// <param name="own">The state of this backup.</param>
    /// <param name="others">The states of other names.</param>
    /// <param name="file">The configuration of this backup, as the states name it.</param>
    public static IReadOnlyList<ReportedGroup> Of(
        ReportedGroup? current, BackupState own, IReadOnlyList<BackupState> others, string file)
    {
        var orphans = others.Where(other => IsOrphan(other, own, file));
        var inUse = others.Where(other => !IsOrphan(other, own, file));
        return
        [
            .. orphans.Prepend(own).SelectMany(state => state.ReportedGroups)
                .Except(inUse.SelectMany(other => other.ReportedGroups.TakeLast(1))).Where(group => group != current),
        ];
    }

    // Two containers may share a state, and name their configurations alike.
    private static bool IsOrphan(BackupState other, BackupState own, string file) =>
        other.ConfigurationFile == file && !(other.LastReport?.StartedAt > own.LastReport?.StartedAt);
}
