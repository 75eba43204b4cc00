using System.Text;
using Assimilator.Pushgateway;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Unit;

public sealed class CertificatesTests
{
    [Fact]
    public void What_stands_between_certificates_may_be_in_any_encoding()
    {
        using var directory = new TestDirectory();
        var pem = File.ReadAllText(new CertificateAuthority(directory).CertificateFile);
        File.WriteAllText(directory["bundle"], $"# Behörde eins\n{pem}\n# Behörde zwei\n{pem}", Encoding.Latin1);
        Assert.Equal(2, Certificates.Read(directory["bundle"])?.Count);
    }

    [Fact]
    public void A_bundle_may_be_long()
    {
        using var directory = new TestDirectory();
        var pem = File.ReadAllText(new CertificateAuthority(directory).CertificateFile);
        File.WriteAllText(directory["bundle"], $"{pem}{new string('#', 3 * 1024 * 1024)}\n{pem}");
        Assert.Equal(2, Certificates.Read(directory["bundle"])?.Count);
    }

    [Fact]
    public async Task A_file_that_is_exchanged_for_a_pipe_is_not_waited_for()
    {
        using var directory = new TestDirectory();
        var file = new CertificateAuthority(directory).CertificateFile;
        Programs.RunOrThrow("mkfifo", [directory["pipe"]]);
        using var swapper = new Swapper(file, directory["pipe"]);
        var cancellation = TestContext.Current.CancellationToken;
        var reading = Task.Run(() =>
        {
            for (var found = 0; found < 500;)
                found += Certificates.Read(file) is null ? 0 : 1;
        }, cancellation);
        await reading.WaitAsync(TimeSpan.FromSeconds(60), cancellation);
    }
}
