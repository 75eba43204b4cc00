using Assimilator.Configuration;

namespace Assimilator.Tests.Unit;

public sealed class KnownSecretsTests
{
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
        values.Text(ConfigurationKeys.Url);
        Assert.Equal(expected, values.Secrets.Variables.Order(StringComparer.Ordinal));
        Assert.Equal(expected.Length > 0, values.Secrets.Texts.Contains("hunter2"));
    }
}
