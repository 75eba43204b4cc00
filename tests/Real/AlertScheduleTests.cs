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
    [Fact]
    public async Task What_fires_when() => Assert.All(await Task.WhenAll(
        Task.Run(() => Promtool("hourly", intervalHours: 1, days: 54, evaluationHours: 1)),
        Task.Run(() => Promtool("daily", intervalHours: 24, days: 120, evaluationHours: 4)),
        Task.Run(() => Promtool("weekly", intervalHours: 168, days: 365, evaluationHours: 24)),
        Task.Run(() => Promtool("monthly", intervalHours: 720, days: 400, evaluationHours: 24)),
        Task.Run(() => Promtool("quarterly", intervalHours: 2160, days: 740, evaluationHours: 48))),
        result => Assert.True(result.ExitCode == 0, result.ToString()));

    private ProgramResult Promtool(string schedule, int intervalHours, int days, int evaluationHours)
    {
        var expected = Repository.ReadText("tests/Resources/alerts/schedules.txt").Split('\n')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length == 6 && words[0] == schedule).Select(FiringAlert.Parse).ToList();
        Assert.NotEmpty(expected);
        // To look every two hours for deleted groups, of which there are none here, takes most of promtool's time.
        var rules = _directory.Write($"{schedule}.yaml", Programs.RunOrThrow(Repository.Binary, ["print", "alerts"])
            .Replace("[14d:2h]", "[14d:12h]", StringComparison.Ordinal));
        using var table = new ScheduleTable(TimeSpan.FromHours(intervalHours), TimeSpan.FromDays(days), TimeSpan.FromHours(evaluationHours));
        return Programs.Run("promtool", ["test", "rules", _directory.Write($"{schedule}.test.yaml", table.TestFile(rules, expected))],
            patience: TimeSpan.FromMinutes(8));
    }
}
