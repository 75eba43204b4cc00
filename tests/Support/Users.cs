namespace Assimilator.Tests.Support;

/// <summary>What takes two users. The tests run as root, or as somebody who may use sudo, as build.sh does.</summary>
internal static class Users
{
    private const string Nobody = "65534";

    public static readonly bool IsRoot = Environment.UserName == "root";

    /// <summary>Runs a program as root that has to succeed.</summary>
    public static string RunAsRoot(string program, params string[] arguments) => IsRoot
        ? Programs.RunOrThrow(program, arguments)
        : Programs.RunOrThrow("sudo", ["-n", program, .. arguments]);

    /// <summary>Runs a program as the user of this id, in the group of the same id and no other.</summary>
    public static ProgramResult RunAs(uint user, IReadOnlyDictionary<string, string?> environment, params string[] command)
    {
        using var process = StartAs(user, environment, command);
        return Programs.Finish(process);
    }

    /// <summary>Starts a program as <see cref="RunAs"/> does.</summary>
    public static System.Diagnostics.Process StartAs(uint user, IReadOnlyDictionary<string, string?> environment, params string[] command)
    {
        string[] variables = [.. environment.Where(variable => variable.Value is not null).Select(variable => $"{variable.Key}={variable.Value}")];
        string[] asUser = ["setpriv", $"--reuid={user}", $"--regid={user}", "--clear-groups", "env", .. variables, .. command];
        return IsRoot ? Programs.Start(asUser[0], asUser[1..]) : Programs.Start("sudo", ["-n", .. asUser]);
    }

    /// <summary>Runs the published binary as a user who is not root, and who owns what the backup consists of.</summary>
    public static ProgramResult RunUnprivileged(TestBackup backup)
    {
        string[] command = [Repository.Binary, "-c", backup.ConfigurationFile];
        return IsRoot
            ? Programs.Run("setpriv", [$"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", .. command], backup.Environment)
            : Programs.Run(command[0], command[1..], backup.Environment);
    }

    /// <summary>Gives all of a backup to the user of <see cref="RunUnprivileged"/>.</summary>
    public static void GiveToUnprivileged(TestBackup backup)
    {
        if (IsRoot)
            Programs.RunOrThrow("chown", ["-R", $"{Nobody}:{Nobody}", backup.Directory.Path]);
    }
}
