namespace Assimilator.Processes;

/// <summary>Which of the variables that this process was started with its children get.</summary>
internal static class ChildEnvironment
{
    /// <summary>True for a variable that contains a passphrase of borg or says where it is.</summary>
    public static bool IsPassphrase(string name) =>
        name.StartsWith("BORG_", StringComparison.Ordinal)
        && (name.Contains("PASSPHRASE", StringComparison.Ordinal)
            || name.Contains("PASSCOMMAND", StringComparison.Ordinal));

    /// <summary>All but the secrets.</summary>
    /// <param name="secrets">The names of further variables that contain secrets.</param>
    public static Dictionary<string, string> Of(
        IReadOnlyDictionary<string, string> inherited, IReadOnlySet<string> secrets) =>
        // .NET cannot hand on a value that is not UTF-8: none is better than a wrong one.
        inherited.Where(variable => !IsPassphrase(variable.Key) && !secrets.Contains(variable.Key)
                && !variable.Value.Contains('\uFFFD', StringComparison.Ordinal))
            .ToDictionary(StringComparer.Ordinal);
}
