namespace Assimilator.Posix;

/// <summary>The version of this program, as the build wrote it into the executable.</summary>
internal static class ProgramVersion
{
    /// <summary>As in <c>1.2.3</c>: that of the tag, else the project file's.</summary>
    public static string Number => Option("Assimilator.Version");

    /// <summary>With the commit that was built, as in <c>1.2.3 (0123456789ab)</c>; without one where the build knew
    /// none.</summary>
    public static string WithCommit =>
        Option("Assimilator.Commit") is { Length: > 0 } commit ? $"{Number} ({commit})" : Number;

    /// <summary>That of the commit, as in <c>2026-01-31</c>; empty where the build knew none.</summary>
    public static string Date => Option("Assimilator.Date");

    private static string Option(string name) => AppContext.GetData(name) as string ?? "";
}
