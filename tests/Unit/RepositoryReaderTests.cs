using Assimilator.Configuration;

namespace Assimilator.Tests.Unit;

/// <summary>Several repositories: which value counts for which, and which line is named.</summary>
public sealed class RepositoryReaderTests
{
    private const string Two = "[repository.a]\nlocation = /a\n[repository.b]\nlocation = /b\n";

    [Fact]
    public void One_repository_has_no_name()
    {
        var repository = Assert.Single(Read("[repository]\nlocation = /r", out _));
        Assert.Equal((null, "/r", TimeSpan.FromHours(24)), (repository.Name, repository.Location, repository.Interval));
    }

    [Theory]
    [InlineData("[repository]\nlock_wait = 5s", "5 5")]
    [InlineData("[repository.a]\nlock_wait = 5s", "5 600")]
    [InlineData("[repository]\nlock_wait = 5s\n[repository.b]\nlock_wait = 7s", "5 7")]
    [InlineData("[REPOSITORY.B]\nLOCK_WAIT = 7s", "600 7")]
    public void The_nearest_value_counts(string ini, string expected) =>
        Assert.Equal(expected, string.Join(' ', Read(Two + ini, out _).Select(repository => repository.LockWait.TotalSeconds)));

    [Theory]
    [InlineData("[retention]\ndaily = 7\nweekly = 4", "daily=7 weekly=4; daily=7 weekly=4")]
    [InlineData("[retention]\ndaily = 7\nweekly = 4\n[retention.b]\nmonthly = 12", "daily=7 weekly=4; monthly=12")]
    [InlineData("[retention.b]\nmonthly = 12", "; monthly=12")]
    public void A_retention_of_its_own_replaces_the_general_one(string ini, string expected) => Assert.Equal(expected, string.Join("; ",
        Read(Two + ini, out _).Select(repository => string.Join(' ', (repository.Retention?.Keep ?? []).Select(keep => $"{keep.Rule}={keep.Value}")))));

    [Theory]
    [InlineData("", "1440 1440")]
    [InlineData("[repository]\ninterval = 1h", "60 60")]
    [InlineData("[repository.b]\ninterval = 30d", "1440 43200")]
    public void Each_may_have_its_own_interval(string ini, string expected) =>
        Assert.Equal(expected, string.Join(' ', Read(Two + ini, out _).Select(repository => repository.Interval?.TotalMinutes)));

    [Fact]
    public void A_passphrase_of_its_own_comes_in_place_of_any_other()
    {
        var repositories = Read($"{Two}[repository]\npassphrase = ${{GENERAL}}\n[repository.b]\npasscommand = cat /etc/hostname\n", out var problems);
        Assert.Equal(("general", null), (repositories[0].Passphrase, repositories[1].Passphrase));
        Assert.Null(repositories[0].Passcommand);
        Assert.Equal("/etc/hostname", repositories[1].Passcommand![1]);
        Assert.Empty(problems);
    }

    [Fact]
    public void A_passphrase_itself_may_stand_in_a_section_of_its_own()
    {
        var repositories = Read($"{Two}[repository.b]\npassphrase = ${{GENERAL}}\n", out var problems);
        Assert.Equal((null, "general"), (repositories[0].Passphrase, repositories[1].Passphrase));
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("[repository]\nlocation = /r\n[repository.a]\nlocation = /a", "f:2: [repository] location: is only the default of the [repository.NAME] sections, and no repository")]
    [InlineData("[repository.a]\nlocation = /a\n[repository.b]\nlocation = /a", "f:4: [repository.b] location: is also that of [repository.a]")]
    [InlineData("[repository.a]\nlocation = /a\n[repository.b]\nlock_wait = 1s", "f:3: [repository.b] location: is missing, expected an absolute path")]
    [InlineData("[repository.a]\nlocation = nas:x", "f:2: [repository.a] location: expected an absolute path")]
    [InlineData("[repository.a]\nlocation = /a\n[repository]\nlock_wait = x", "f:4: [repository] lock_wait: expected a duration")]
    [InlineData("[repository.a b]\nlocation = /a", "f:1: [repository.a b]: expected [repository.NAME] with a name of letters")]
    [InlineData("[repository.]\nlocation = /a", "f:1: [repository.]: expected [repository.NAME]")]
    [InlineData("[repository.a-b]\nlocation = /a\n[repository.a_b]\nlocation = /b", "f:3: [repository.a_b]: clashes with [repository.a-b]")]
    [InlineData("[repository.a]\nlocation = /a\n[retention.b]\ndaily = 7", "f:3: [retention.b]: there is no repository with that name")]
    [InlineData("[repository.a]\nlocation = /a\n[retention.a]\ncompact = never", "f:3: [retention.a]: keeps nothing, so every archive would be deleted")]
    [InlineData("[repository.a]\nlocation = /a\ndaily = 7", "f:3: [repository.a] daily: unknown key")]
    [InlineData("[repositry.a]\nlocation = /a", "f:1: [repositry.a]: unknown section")]
    public void Problems_name_the_section(string ini, string expected)
    {
        Read(ini, out var problems);
        Assert.Contains(problems, problem => problem.StartsWith(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_wrong_value_for_all_is_said_once()
    {
        Read($"{Two}[repository]\nconnect_wait = x", out var problems);
        Assert.Single(problems, problem => problem.Contains("connect_wait", StringComparison.Ordinal));
    }

    private static IReadOnlyList<RepositorySettings> Read(string ini, out IReadOnlyList<string> problems)
    {
        var result = ConfigurationReader.ReadText($"{ini}\n[backup]\nname = web\ninterval = 24h\n[paths]\n1 = /etc\n[borg]\npath = /bin/true\n[state]\ndirectory = /s\n", "/f.ini",
            new Dictionary<string, string> { ["PATH"] = "/bin", ["GENERAL"] = "general" });
        problems = [.. result.Problems.Select(problem => problem.Describe("f"))];
        return result.Configuration.Repositories;
    }
}
