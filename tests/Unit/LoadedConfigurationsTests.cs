using Assimilator.Configuration;

namespace Assimilator.Tests.Unit;

/// <summary>What is wrong with several configurations together.</summary>
public sealed class LoadedConfigurationsTests
{
    [Fact]
    public void Two_of_one_name_are_both_wrong_and_name_each_other()
    {
        var loaded = Judge(("a", "[backup]\nname = x"), ("b", "[backup]\nname = x"), ("c", "[backup]\nname = y"));
        Assert.Equal(["'x' is also the name of /b.ini", "'x' is also the name of /a.ini"],
            loaded.SelectMany(one => one.Result.Problems).Select(problem => problem.Message));
        Assert.Equal([false, false, true], loaded.Select(one => one.Result.CanReport));
    }

    [Theory]
    [InlineData("/r", "web-{now}", "", "/r", "web-{now}", "", true)]
    [InlineData("/r", "web-{now}", "", "/other", "web-{now}", "", false)]
    [InlineData("/r", "web-{now}", "", "/r", "mail-{now}", "", false)]
    [InlineData("/r", "web-{now}", "", "/r", "web-2-{now}", "", false)]
    [InlineData("/r", "web-{now}", "web-*", "/r", "web-2-{now}", "", true)]
    [InlineData("/r", "web-{now}", "", "/r", "x-{now}", "*", true)]
    [InlineData("/r", "web-{now:%Y}", "", "/r", "web-{utcnow:%Y}", "", true)]
    [InlineData("/r", "web-{now:%s}", "web-[!0-9]*", "/r", "web-{now:%s}", "web-[!0-9]*", false)]
    [InlineData("/r", "{hostname}-{now}", "", "/r", "{hostname}-{now}", "", true)]
    public void Archives_that_both_would_prune_are_found(
        string location, string archive, string glob, string otherLocation, string otherArchive, string otherGlob, bool expected)
    {
        var loaded = Judge(("a", Ini(location, archive, glob)), ("b", Ini(otherLocation, otherArchive, otherGlob)));
        Assert.Equal(expected ? ["b (/b.ini)"] : [], loaded[0].Configuration.Repositories[0].AlsoPrunedBy);
        Assert.Equal(expected ? ["a (/a.ini)"] : [], loaded[1].Configuration.Repositories[0].AlsoPrunedBy);
    }

    [Fact]
    public void By_default_no_two_share_their_archives() =>
        Assert.All(Judge(("a", "[repository]\nlocation = /r\n[retention]\ndaily = 1"), ("b", "[repository]\nlocation = /r\n[retention]\ndaily = 1")),
            one => Assert.Empty(one.Configuration.Repositories[0].AlsoPrunedBy));

    private static string Ini(string location, string archive, string glob) =>
        $"[repository]\nlocation = {location}\n[retention]\ndaily = 1\n{(glob.Length > 0 ? $"glob_archives = {glob}\n" : "")}[backup]\narchive = {archive}";

    private static IReadOnlyList<LoadedConfiguration> Judge(params (string Name, string Ini)[] files) => LoadedConfigurations.Judge(
    [
        .. files.Select(file => new LoadedConfiguration($"/{file.Name}.ini", ConfigurationReader.ReadText(
            (file.Ini.Contains("[repository]", StringComparison.Ordinal) ? file.Ini : $"{file.Ini}\n[repository]\nlocation = /{file.Name}")
                + "\n[paths]\n1 = /etc\n[borg]\npath = /bin/true\n[state]\ndirectory = /s\n",
            $"/{file.Name}.ini", new Dictionary<string, string> { ["PATH"] = "/bin" }))),
    ]);
}
