using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>A child that this user may not kill, as sudo's are.</summary>
public sealed class UnkillableChildTests : IDisposable
{
    private const string BecomeRoot =
        """
        #define _GNU_SOURCE
        #include <unistd.h>
        int main(void) {
            for (setresuid(0, 0, 0);; )
                sleep(1);
        }
        """;

    private readonly PushgatewayServer _gateway = new();
    private readonly TestBackup _backup;

    public UnkillableChildTests() => _backup = new TestBackup(_gateway).WithStandIn();

    public void Dispose()
    {
        _backup.Dispose();
        _gateway.Dispose();
    }

    [Fact]
    public void It_is_left_behind_and_the_run_goes_on()
    {
        var error = Error();
        Assert.Contains("error: preexec 1 could not be killed: left running: ", error, StringComparison.Ordinal);
        Assert.Equal(137, _gateway.Samples(TestBackup.Name)["assimilator_preexec_return_code"]);
    }

    private string Error()
    {
        var program = _backup.Directory["become-root"];
        Programs.RunOrThrow("clang", ["-o", program, _backup.Directory.Write("become-root.c", BecomeRoot)]);
        _backup.Set("preexec", "1", program).AddScript("postexec", "1").Set("hooks", "timeout", "1s")
            .Set("backup", "shutdown_timeout", "3s").WriteConfiguration();
        Users.GiveToUnprivileged(_backup);
        Users.RunAsRoot("chown", "root", program);
        Users.RunAsRoot("chmod", "4755", program);
        try
        {
            var result = Users.RunUnprivileged(_backup);
            Assert.True(result.ExitCode == 2, result.ToString());
            Assert.Equal(["postexec-1"], _backup.Calls());
            return result.Error;
        }
        finally
        {
            Users.RunAsRoot("pkill", "-KILL", "-f", $"^{program}");
        }
    }
}
