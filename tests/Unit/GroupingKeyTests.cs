using Assimilator.Pushgateway;

namespace Assimilator.Tests.Unit;

public sealed class GroupingKeyTests
{
    [Theory]
    [InlineData("web1", "/metrics/job/web1")]
    [InlineData("web-1.example_org", "/metrics/job/web-1.example_org")]
    [InlineData("...", "/metrics/job/...")]
    [InlineData(".hidden", "/metrics/job/.hidden")]
    [InlineData("", "/metrics/job@base64/=")]
    [InlineData(".", "/metrics/job@base64/Lg")]
    [InlineData("..", "/metrics/job@base64/Li4")]
    [InlineData("/", "/metrics/job@base64/Lw")]
    [InlineData("a/b", "/metrics/job@base64/YS9i")]
    [InlineData("%2F", "/metrics/job@base64/JTJG")]
    [InlineData("a+b", "/metrics/job@base64/YSti")]
    [InlineData("a b", "/metrics/job@base64/YSBi")]
    [InlineData("a?b#c", "/metrics/job@base64/YT9iI2M")]
    [InlineData("größer", "/metrics/job@base64/Z3LDtsOfZXI")]
    [InlineData("😀", "/metrics/job@base64/8J-YgA")]
    [InlineData("~~~", "/metrics/job@base64/fn5-")]
    [InlineData("???", "/metrics/job@base64/Pz8_")]
    public void Encodes_what_would_not_arrive_as_it_is(string value, string expected)
    {
        var path = GroupingKey.Path([new("job", value)]);
        Assert.Equal(expected, path);
        // The client collapses dot segments and decodes what it takes for unreserved.
        Assert.Equal(expected, new Uri($"http://localhost:9091{path}").AbsolutePath);
    }

    [Fact]
    public void Keeps_the_order_of_the_labels() => Assert.Equal(
        "/metrics/job/assimilator/instance@base64/YS9i/backup/main/site/vienna",
        GroupingKey.Path([new("job", "assimilator"), new("instance", "a/b"), new("backup", "main"), new("site", "vienna")]));

    [Fact]
    public void Tells_values_apart_that_look_alike_in_a_path() => Assert.NotEqual(
        GroupingKey.Path([new("job", "a"), new("site", "b")]), GroupingKey.Path([new("job", "a/site/b")]));
}
