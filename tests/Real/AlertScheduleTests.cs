using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>The alert rules against backups of every schedule, with the real promtool: what fires, when first, and how
/// often.</summary>
public sealed class AlertScheduleTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>The file <c>schedules.txt</c> has a line for each alert that is to fire: schedule, history, alert, gateway and
    /// repository, the hour of the first evaluation at which it fires, and at how many it does.</summary>
    [Theory]
    [InlineData("hourly", 1, 54, 1)]
    [InlineData("daily", 24, 120, 4)]
    [InlineData("weekly", 168, 365, 24)]
    [InlineData("monthly", 720, 400, 24)]
    [InlineData("quarterly", 2160, 740, 48)]
    public void What_fires_when(string schedule, int intervalHours, int days, int evaluationHours)
    {
        var expected = Repository.ReadText("tests/Resources/alerts/schedules.txt").Split('\n')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length == 6 && words[0] == schedule).Select(FiringAlert.Parse).ToList();
        Assert.NotEmpty(expected);
        var rules = _directory.Write("alerts.yaml", Programs.RunOrThrow(Repository.Binary, ["print", "alerts"]));
        using var table = new ScheduleTable(TimeSpan.FromHours(intervalHours), TimeSpan.FromDays(days), TimeSpan.FromHours(evaluationHours));
        var result = Programs.Run("promtool", ["test", "rules", _directory.Write($"{schedule}.test.yaml", table.TestFile(rules, expected))],
            patience: TimeSpan.FromMinutes(8));
        Assert.True(result.ExitCode == 0, result.ToString());
    }
}
