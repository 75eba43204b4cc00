using Assimilator.Borg;
using Assimilator.Processes;
using Assimilator.Terminal;

namespace Assimilator.Tests.Unit;

public sealed class BorgProcessTests
{
    [Fact]
    public void Takes_a_borg_that_does_not_start_for_an_error()
    {
        using var interruption = Interruption.Listen(TimeSpan.FromSeconds(60), _ => { });
        using var messages = new Messages(LogLevel.Error, syslog: null);
        var configuration = Samples.Configuration with
        {
            Borg = Samples.Configuration.Borg with { Path = "/nonexistent/borg" },
        };
        var result = new BorgProcess(configuration, new Dictionary<string, string>(), interruption, messages)
            .Run(["prune"], timeout: null, selfTest: false);

        Assert.NotNull(result.Exit.StartFailure);
        Assert.Equal(127, result.Exit.ReturnCode);
        Assert.Equal(BorgExitStatus.Error, result.Status);
    }
}
