using System.Globalization;
using Assimilator.Configuration;
using Assimilator.Posix;
using Assimilator.Processes;

namespace Assimilator.Borg;

/// <summary>The environment of a borg process, from ours and the configuration. The passphrase is not in it, only where
/// to read it.</summary>
internal static class BorgEnvironment
{
    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    private static readonly string[] UserVariables = ["LOGNAME", "USER"];

    // Nobody is there to answer a question, and a connection that died must not hold the run for ever.
    private const string SshOptions = "-o BatchMode=yes -o ServerAliveInterval=10 -o ServerAliveCountMax=30";

    /// <param name="hasPassphrase">True for a process that reads it from
    /// <see cref="ChildCommand.SecretDescriptor"/>.</param>
    /// <param name="selfTest">False where a process of the same executable has just passed borg's self-test, which
    /// takes a quarter of a short run.</param>
    public static Dictionary<string, string> Of(
        BackupConfiguration configuration, RepositorySettings repository,
        IReadOnlyDictionary<string, string> inherited, bool hasPassphrase, bool selfTest)
    {
        var environment = ChildEnvironment.Of(inherited, configuration.SecretVariables);
        foreach (var name in environment.Keys.Where(name => !BorgVariables.IsAllowed(name)).ToList())
            environment.Remove(name);
        environment[BorgVariables.ExitCodes] = "modern";
        if (hasPassphrase)
            environment["BORG_PASSPHRASE_FD"] = ChildCommand.SecretDescriptor.ToString(CultureInfo.InvariantCulture);
        if (RemoteShell(repository, inherited) is { } remoteShell)
            environment[BorgVariables.RemoteShell] = remoteShell;
        if (!IsSet(LocaleVariables))
            environment["LC_CTYPE"] = "C.UTF-8";
        // Borg notes who made an archive, and fails where nothing tells: in a container with a user that it does not
        // know.
        if (!IsSet(UserVariables) && Account.Own is null)
            environment["LOGNAME"] = LibC.EffectiveUserId().ToString(CultureInfo.InvariantCulture);
        if (!selfTest)
            environment["BORG_SELFTEST"] = "disabled";
        foreach (var (name, value) in configuration.Borg.Environment)
            environment[name] = value;
        if (repository.RemotePath is { } remotePath)
            environment[BorgVariables.RemotePath] = remotePath;
        // Without one, borg goes by USER, who may be somebody else.
        if (environment.GetValueOrDefault("HOME") is null or "" && Account.Own is { Home.Length: > 0 } account)
            environment["HOME"] = account.Home;
        return environment;

        bool IsSet(string[] names) => names.Any(name => inherited.GetValueOrDefault(name) is { Length: > 0 });
    }

    /// <summary>True if borg reaches the repository by an ssh that we choose, options included.</summary>
    public static bool BringsOwnRemoteShell(
        BackupConfiguration configuration, RepositorySettings repository,
        IReadOnlyDictionary<string, string> inherited) =>
        repository is { IsRemote: true, Rsh: null }
        && (repository.IdentityFile is not null || !inherited.ContainsKey(BorgVariables.RemoteShell))
        && configuration.Borg.Environment.All(variable => variable.Name != BorgVariables.RemoteShell);

    private static string? RemoteShell(RepositorySettings repository, IReadOnlyDictionary<string, string> inherited)
    {
        var identity = repository.IdentityFile is { } file ? $" -i {CommandWords.Quote(file)} -o IdentitiesOnly=yes"
            : "";
        if (repository.Rsh is { } rsh)
            return $"{rsh}{identity}";
        if (identity.Length == 0 && inherited.ContainsKey(BorgVariables.RemoteShell))
            return null;
        return repository.IsRemote ? $"ssh {SshOptions}{identity}" : null;
    }
}
