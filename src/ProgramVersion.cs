namespace Assimilator;

/// <summary>The version of this program; its one source is the project file.</summary>
internal static class ProgramVersion
{
    public static readonly string Number = typeof(ProgramVersion).Assembly.GetName().Version?.ToString(3) ?? "";
}
