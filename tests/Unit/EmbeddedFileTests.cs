using Assimilator.Commands;

namespace Assimilator.Tests.Unit;

public sealed class EmbeddedFileTests
{
    [Fact]
    public void A_fleet_does_not_start_at_once()
    {
        var minutes = Enumerable.Range(1, 200).Select(number => EmbeddedFile.CronLine($"web{number}").Split('\n')[1].Split(' ')[0]).ToList();
        Assert.All(minutes, minute => Assert.InRange(int.Parse(minute, System.Globalization.CultureInfo.InvariantCulture), 0, 59));
        Assert.InRange(minutes.Distinct().Count(), 45, 60);
        Assert.Equal(EmbeddedFile.CronLine("web1"), EmbeddedFile.CronLine("web1"));
        Assert.EndsWith(" 2 * * * root /usr/local/bin/assimilator --quiet\n", EmbeddedFile.CronLine("web1"), StringComparison.Ordinal);
    }
}
