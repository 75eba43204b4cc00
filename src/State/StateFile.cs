using System.Text.Json;
using Assimilator.Configuration;

namespace Assimilator.State;

/// <summary>The state of one backup on disk: <c>DIRECTORY/NAME.json</c>. Only the holder of the lock writes it.</summary>
internal sealed class StateFile(string directory, string backupName)
{
    /// <summary>The state is some hundred bytes long; what is larger is not ours.</summary>
    private const int LongestFile = 64 * 1024;

    private readonly string _path = Path.Combine(directory, $"{backupName}.json");

    /// <summary>Reads the state.</summary>
    /// <returns>An empty state if there is no file; null and what is wrong if there is one that cannot be used.</returns>
    public (BackupState? State, string? Failure) Read()
    {
        if (!File.Exists(_path))
            return (new BackupState { Version = BackupState.CurrentVersion }, null);
        var (text, failure) = ConfigurationFile.Read(_path, LongestFile);
        if (text is null)
            return (null, $"{_path} {failure}");
        try
        {
            var state = JsonSerializer.Deserialize(text, StateJson.Default.BackupState);
            return state is { Version: BackupState.CurrentVersion }
                ? (state, null)
                : (null, $"{_path} is of version {state?.Version}, this program knows {BackupState.CurrentVersion}");
        }
        catch (JsonException)
        {
            return (null, $"{_path} is torn, or not ours");
        }
    }

    /// <summary>Puts a file that cannot be used out of the way of the next <see cref="Write"/>, for somebody to look at.</summary>
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

    /// <summary>Writes the state so that a power loss leaves the old one or the new one, never half of either.</summary>
    /// <returns>What went wrong, or null.</returns>
    public string? Write(BackupState state)
    {
        try
        {
            AtomicFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(state, StateJson.Default.BackupState));
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"cannot write {_path}: {exception.Message}";
        }
    }
}
