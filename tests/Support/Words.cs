using System.Globalization;

namespace Assimilator.Tests.Support;

/// <summary>What the program says when a report does not arrive.</summary>
internal static class Words
{
    public static string Time(DateTime time) => string.Create(CultureInfo.InvariantCulture, $"{time:yyyy-MM-dd HH:mm} UTC");

    /// <summary>Runs a backup and checks that standard error is exactly this. The time of now is written TIME.</summary>
    public static ProgramResult IsNotDelivered(TestBackup backup, string url, string words, string? hint)
    {
        var result = backup.Run();
        Assert.Contains($"{url}/metrics/job/assimilator/instance/h/backup/test: ", result.Error, StringComparison.Ordinal);
        Assert.True(result.Error.Contains(words, StringComparison.Ordinal), result.ToString());
        Assert.True(result.Error.Contains(hint ?? "", StringComparison.Ordinal), result.ToString());
        Assert.Equal(1, result.ExitCode);
        return result;
    }
}
