using Assimilator.Tests.Support;

namespace Assimilator.Tests.Faults;

/// <summary>A child that, told to end, becomes a few others, each of which is another process in a session of its own every
/// few milliseconds.</summary>
public sealed class ForkingChildTests : IDisposable
{
    /// <summary>Bounded by itself, whatever becomes of the test: the last one ends after some seconds.</summary>
    private const string ForkWhenTold =
        """
        #include <signal.h>
        #include <unistd.h>
        static void fork_on(int signal) {
            for (int i = 0; i < 4 && fork() != 0; i++)
                ;
            for (int i = 0; i < 200; i++) {
                usleep(2000);
                if (fork() != 0)
                    _exit(1);
                setsid();
            }
            sleep(10);
            _exit(1);
        }
        int main(void) {
            signal(SIGTERM, fork_on);
            alarm(20);
            for (;;)
                pause();
        }
        """;

    private readonly TestBackup _backup = new TestBackup().WithStandIn();

    public void Dispose() => _backup.Dispose();

    [Fact]
    public void It_is_caught()
    {
        var program = _backup.Directory["fork-when-told"];
        Programs.RunOrThrow("clang", ["-o", program, _backup.Directory.Write("fork-when-told.c", ForkWhenTold)]);
        var result = _backup.Set("preexec", "1", program).Set("hooks", "timeout", "1s").Set("backup", "shutdown_timeout", "3s").Run();
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains($"error: preexec 1 timed out after 1 s: {program}\n", result.Error, StringComparison.Ordinal);
        Assert.Empty(FaultMatrix.Survivors(_backup));
    }
}
