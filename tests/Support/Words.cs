using System.Globalization;
using System.Text.RegularExpressions;

namespace Assimilator.Tests.Support;

/// <summary>What the program says when a report does not arrive.</summary>
internal static partial class Words
{
    public static string Time(DateTime time) => string.Create(CultureInfo.InvariantCulture, $"{time:yyyy-MM-dd HH:mm} UTC");

    /// <summary>Runs a backup and checks that standard error is exactly this. The time of now is written TIME.</summary>
    public static ProgramResult IsNotDelivered(TestBackup backup, string url, string words, string? hint)
    {
        var result = backup.Run();
        var expected = $"assimilator: error: the report was not delivered to {url}/metrics/job/assimilator/instance/h/backup/test: {words}\n"
            + (hint is null ? "" : $"assimilator: hint: {hint}\n");
        Assert.Equal(expected, TimeOfClock().Replace(result.Error, "says TIME"));
        Assert.Equal(1, result.ExitCode);
        return result;
    }

    [GeneratedRegex(@"says [0-9-]+ [0-9:]+ UTC")]
    private static partial Regex TimeOfClock();
}
