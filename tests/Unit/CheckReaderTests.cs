using Assimilator.Configuration;

namespace Assimilator.Tests.Unit;

public sealed class CheckReaderTests
{
    [Fact]
    public void Nothing_is_checked_without_the_section()
    {
        Assert.Null(Read("[backup]\nname = x", out var problems));
        Assert.Empty(problems);
    }

    [Fact]
    public void A_drill_has_bounds_of_its_own()
    {
        var settings = Read("[check]\nrestore_every = 7d", out var problems)!;
        Assert.Empty(problems);
        Assert.Equal((20, 1_000_000_000L, null), (settings.RestoreFiles, settings.RestoreBytes, settings.Interval));
    }

    [Theory]
    [InlineData("every = 30d", 30)]
    [InlineData("verify_data_every = 180d", 180)]
    [InlineData("every = 30d\nverify_data_every = 180d", 30)]
    [InlineData("every = 30d\nverify_data_every = 7d", 7)]
    public void Each_verification_is_a_check(string keys, int days) =>
        Assert.Equal(TimeSpan.FromDays(days), Read($"[check]\n{keys}", out _)!.Interval);

    [Theory]
    [InlineData("[check]\nmax_duration = 1h", "[check]")]
    [InlineData("[check]\nevery = soon", "every")]
    [InlineData("[check]\nrestore_every = 7d\nrestore_bytes = much", "restore_bytes")]
    [InlineData("[check]\nrestore_every = 7d\nrestore_bytes = 0", "restore_bytes")]
    [InlineData("[check]\nrestore_every = 7d\nrestore_files = 0", "restore_files")]
    [InlineData("[check]\nrestore_every = 7d\nrestore_files = 201", "restore_files")]
    // What the script stopped would stay stopped while a check takes hours.
    [InlineData("[check]\nevery = 30d\n[preexec]\n1 = /bin/true", "postexec_after")]
    public void A_mistake_is_one_problem(string ini, string place)
    {
        Read(ini, out var problems);
        Assert.Contains(place, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("create")]
    public void With_scripts_it_is_said_when_the_last_ones_run(string when)
    {
        Read($"[check]\nevery = 30d\n[preexec]\n1 = /bin/true\n[hooks]\npostexec_after = {when}", out var problems);
        Assert.Empty(problems);
    }

    private static CheckSettings? Read(string ini, out string[] problems)
    {
        var values = Samples.Values(ini);
        var settings = CheckReader.Read(values);
        problems = Samples.Texts(values.Problems);
        return settings;
    }
}
