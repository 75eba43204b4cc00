using System.Text.Json;
using Assimilator.Posix;

namespace Assimilator.State;

/// <summary>The state of one backup on disk: <c>DIRECTORY/NAME.json</c>. Only the holder of the lock writes
/// it.</summary>
internal sealed class StateFile(string directory, string backupName)
{
    /// <summary>In bytes. Ten thousand archives take three million; what is larger is not ours.</summary>
    private const int LongestFile = 16 * 1024 * 1024;

    private const string VerifiedSign = "\"last_verify_data\":";

    private static readonly string[] Signs = ["\"damaged_since\":", "\"hold\":"];

    private readonly string _path = Path.Combine(directory, $"{backupName}.json");

    /// <summary>Reads the state.</summary>
    /// <param name="isUnreachable">True if there may be a good state that could not be read this time.</param>
    /// <returns>An empty state if there is no file; null and what is wrong if there is one that cannot be
    /// used.</returns>
    public (BackupState? State, string? Failure) Read(out bool isUnreachable)
    {
        isUnreachable = false;
        if (LibC.IsMissing(_path))
            return (new BackupState { Version = BackupState.CurrentVersion, InterruptedRuns = 0 }, null);
        (var text, var failure, _, isUnreachable) = TextFile.Read(_path, LongestFile);
        return text is null ? (null, $"{_path} {failure}") : Parse(text, _path);
    }

    /// <summary>The repositories that are known to be damaged, or whose pruning is on hold; the state is not even
    /// parsed if there is none. A hold without its configuration is nothing that anybody can end.</summary>
    /// <param name="withVerified">Those, too, whose data a check has read.</param>
    public IEnumerable<RepositoryState> ReadNotable(bool withVerified)
    {
        var text = TextFile.Read(_path, LongestFile).Text;
        if (text is null || !Signs.Concat(withVerified ? [VerifiedSign] : [])
                .Any(sign => text.Contains(sign, StringComparison.Ordinal))
            || Parse(text, _path).State is not { } state)
            return [];
        var mayHold = File.Exists(state.ConfigurationFile);
        return state.Repositories.Select(
            known => known with { Memory = mayHold ? known.Memory : known.Memory with { Hold = null } });
    }

    public static (BackupState? State, string? Failure) Parse(string text, string path)
    {
        try
        {
            var state = JsonSerializer.Deserialize(text, StateJson.Default.BackupState);
            return state is { Version: >= 1 and <= BackupState.CurrentVersion }
                ? (state, null)
                : (null, $"{path} has version {state?.Version ?? 0}, expected {BackupState.CurrentVersion}");
        }
        catch (JsonException)
        {
            return (null, $"{path} is damaged, or is not a state file of assimilator");
        }
    }

    /// <summary>Puts a file that cannot be used out of the way of the next <see cref="Write"/>, for somebody to look
    /// at.</summary>
    /// <returns>Where it is now, or null if it could not be moved.</returns>
    public string? SetAside()
    {
        var aside = $"{_path}.unreadable";
        try
        {
            File.Move(_path, aside, overwrite: true);
            return aside;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Removes a state that is out of date and cannot be replaced: no state is better than a wrong one, and
    /// there is always room to remove.</summary>
    public void Discard()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Then the next run does not believe what it cannot write.
        }
    }

    /// <summary>Writes the state so that a power loss leaves the old one or the new one, never half of
    /// either.</summary>
    /// <returns>What went wrong, or null.</returns>
    public string? Write(BackupState state)
    {
        try
        {
            AtomicFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(state, StateJson.Default.BackupState),
                AtomicFile.OwnerOnly);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"cannot write {_path}: {exception.Message}";
        }
    }
}
