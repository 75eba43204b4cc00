using Assimilator.Configuration;
using Assimilator.Processes;

namespace Assimilator.Run;

/// <summary>Repositories that may be absent.</summary>
internal static class Absence
{
    public const string Unreachable = "its host cannot be reached";

    /// <summary>Why a repository of this host is absent, and may be; null if it is there, or must be. An empty mount
    /// point is no repository.</summary>
    public static string? Why(RepositorySettings settings, Interruption interruption) =>
        settings is not { MayBeAbsent: true, IsRemote: false } ? null
        : !BoundedLook.TryLook(
            () => Path.Exists(Path.Combine(settings.Location, "config")), interruption, out var isThere)
            ? $"{settings.Location} does not respond"
            : isThere ? null : $"there is no repository at {settings.Location}";
}
