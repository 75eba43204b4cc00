using System.Text;
using Assimilator.Pushgateway;

namespace Assimilator.Tests.Unit;

public sealed class GatewayStatusTests
{
    [Theory]
    [InlineData("""{"status":"success","data":{"build_information":{"branch":"x","version":"1.5.1"},"flags":{},"start_time":"2026-01-01T00:00:00Z"}}""", "1.5.1")]
    // Another server of the same makers, and what else answers 200.
    [InlineData("""{"status":"success","data":{"startTime":"2026-01-01T00:00:00Z"}}""", null)]
    [InlineData("""{"status":"success","data":[]}""", null)]
    [InlineData("null", null)]
    [InlineData("OK", null)]
    [InlineData("<html>login</html>", null)]
    [InlineData("", null)]
    public void Only_a_pushgateway_has_its_version(string body, string? version) =>
        Assert.Equal(version, GatewayStatus.VersionIn(Encoding.UTF8.GetBytes(body)));
}
