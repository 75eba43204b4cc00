using Assimilator.Configuration;

namespace Assimilator.Tests.Unit;

public sealed class KnownSecretsTests
{
    [Theory]
    [InlineData("http_proxy", "http://usr:hunter2@proxy:3128", "hunter2")]
    [InlineData("HTTPS_PROXY", "usr:hunter2@proxy:3128", "hunter2")]
    [InlineData("all_proxy", "socks5://usr:hun:t@r2@proxy", "hun:t@r2")]
    [InlineData("https_proxy", "usr:h%2Fr2@proxy", "h%2Fr2", "h/r2")]
    // A user alone is none: every message would lose that word.
    [InlineData("http_proxy", "backup@proxy:3128")]
    [InlineData("http_proxy", "http://backup@proxy:3128")]
    [InlineData("http_proxy", "proxy:3128")]
    [InlineData("http_proxy", "")]
    public void Knows_the_password_of_a_proxy(string name, string value, params string[] expected) =>
        Assert.Equal(expected, Samples.Values("", (name, value)).Secrets.Texts);

    [Theory]
    [InlineData("${PUSH_URL}", "PUSH_URL")]
    [InlineData("http://${USER_INFO}@h:1", "USER_INFO")]
    [InlineData("http://${PUSH_USER}:${PUSH_PASSWORD}@h:1", "PUSH_PASSWORD", "PUSH_USER")]
    [InlineData("${SCHEME}://u:hunter2@h", "SCHEME")]
    [InlineData("${SCHEME}://h")]
    public void Knows_from_which_variables_a_url_has_its_password(string url, params string[] expected)
    {
        var values = Samples.Values($"[pushgateway]\nurl = {url}", ("PUSH_URL", "http://u:hunter2@h:1"), ("USER_INFO", "u:hunter2"),
            ("PUSH_USER", "u"), ("PUSH_PASSWORD", "hunter2"), ("SCHEME", "http"));
        values.Text(Schema.Url);
        Assert.Equal(expected, values.Secrets.Variables.Order(StringComparer.Ordinal));
        Assert.Equal(expected.Length > 0, values.Secrets.Texts.Contains("hunter2"));
    }
}
