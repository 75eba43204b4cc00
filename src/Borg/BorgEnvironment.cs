using Assimilator.Configuration;

namespace Assimilator.Borg;

/// <summary>The environment of a borg process, from ours and the configuration.</summary>
internal static class BorgEnvironment
{
    /// <summary>Where borg takes a passphrase from; the first that is set wins, so what was inherited must go.</summary>
    public static readonly IReadOnlyList<string> PassphraseVariables =
        ["BORG_PASSPHRASE", "BORG_PASSCOMMAND", "BORG_PASSPHRASE_FD", "BORG_NEW_PASSPHRASE"];

    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    // Nobody is there to answer a question, and a connection that died must not hold the run for ever.
    private const string SshOptions = "-o BatchMode=yes -o ServerAliveInterval=10 -o ServerAliveCountMax=30";

    /// <param name="selfTest">False where a process of the same executable has just passed borg's self-test, which takes a
    /// quarter of a short run.</param>
    public static IReadOnlyDictionary<string, string> Of(
        BackupConfiguration configuration, IReadOnlyDictionary<string, string> inherited, bool selfTest)
    {
        var environment = new Dictionary<string, string>(inherited, StringComparer.Ordinal);
        var repository = configuration.Repository;
        foreach (var name in configuration.SecretVariables)
            environment.Remove(name);
        if ((repository.Passphrase ?? repository.Passcommand) is not null)
        {
            foreach (var name in PassphraseVariables)
                environment.Remove(name);
        }
        if (repository.Passphrase is not null)
            environment["BORG_PASSPHRASE"] = repository.Passphrase;
        if (repository.Passcommand is not null)
            environment["BORG_PASSCOMMAND"] = repository.Passcommand;
        if (RemoteShell(repository, inherited) is { } remoteShell)
            environment["BORG_RSH"] = remoteShell;
        if (!LocaleVariables.Any(name => inherited.GetValueOrDefault(name) is { Length: > 0 }))
            environment["LC_CTYPE"] = "C.UTF-8";
        if (!selfTest)
            environment["BORG_SELFTEST"] = "disabled";
        foreach (var (name, value) in configuration.Borg.Environment)
            environment[name] = value;
        return environment;
    }

    private static string? RemoteShell(RepositorySettings repository, IReadOnlyDictionary<string, string> inherited)
    {
        var identity = repository.IdentityFile is { } file ? $" -i {CommandWords.Quote(file)} -o IdentitiesOnly=yes" : "";
        if (repository.Rsh is { } rsh)
            return $"{rsh}{identity}";
        if (identity.Length == 0 && inherited.ContainsKey("BORG_RSH"))
            return null;
        return repository.Location.StartsWith("ssh://", StringComparison.Ordinal) ? $"ssh {SshOptions}{identity}" : null;
    }
}
