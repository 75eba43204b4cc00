using System.Globalization;
using System.Text;
using Assimilator.Configuration;
using Assimilator.Posix;
using Assimilator.Processes;

namespace Assimilator.Borg;

/// <summary>The connections that the borg processes of a run share: one for each host and way to reach it. To be used
/// only while the lock of the backup is held.</summary>
internal sealed class SharedConnections(BackupConfiguration configuration, RunContext context) : IDisposable
{
    /// <summary>In bytes: a socket's path has at most 107, and ssh at first binds one that is 17 longer.</summary>
    private const int LongestPath = 90;

    /// <summary>An ssh that is told to end does so at once.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, SharedConnection> _all = [];

    /// <returns>Null if borg's ssh is to connect by itself.</returns>
    public SharedConnection? To(RepositorySettings repository)
    {
        if (!repository.SharesConnection
            || !BorgEnvironment.BringsOwnRemoteShell(configuration, repository, context.Environment)
            || SshCommand.Of(configuration, repository, context) is not { } command)
            return null;
        var key = string.Join('\n', command.Arguments);
        if (_all.TryGetValue(key, out var known))
            return known;
        if (Socket(_all.Count + 1) is not { } socket)
            return null;
        return _all[key] = new SharedConnection(
            command with
            {
                // The user's configuration may let such an ssh go on in the background.
                Arguments = ["-N", "-M", "-S", socket, "-o", "ControlPersist=no", .. command.Arguments],
                // Borg needs it to unlock the repository after a first one.
                EndsAtSignal = 2,
                LeavesOrphans = true,
                Grace = Grace,
            },
            socket, context);
    }

    public void Dispose()
    {
        foreach (var connection in _all.Values)
            connection.Dispose();
        _all.Clear();
    }

    /// <summary>A path in the state directory, if nobody else can put anything there.</summary>
    private string? Socket(int number)
    {
        const int writableForOthers = 0x12;
        if (configuration.State.Directory is not { } directory
            || LibC.StatusOf(directory) is not { } status
            || status.UserId != LibC.EffectiveUserId() || (status.Mode & writableForOthers) != 0)
            return null;
        var path = Path.Combine(
            directory, string.Create(CultureInfo.InvariantCulture, $"{configuration.Backup.Name}.{number}.ssh"));
        // ssh expands what begins with one of the two.
        return Encoding.UTF8.GetByteCount(path) > LongestPath || path.AsSpan().ContainsAny('%', '$') ? null : path;
    }
}
