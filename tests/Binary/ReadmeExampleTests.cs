using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>The configuration that README shows is valid as it stands, once the places are there.</summary>
public sealed class ReadmeExampleTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_example_configuration_is_in_order()
    {
        var readme = Repository.ReadText("README.md");
        var start = readme.IndexOf("```ini\n[backup]", StringComparison.Ordinal) + "```ini\n".Length;
        var example = readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)];
        foreach (var file in new[] { "/etc/assimilator.passphrase", "/root/.ssh/borg_ed25519", "/etc/assimilator.push-password" })
            example = Replace(example, file, _directory.Write(Path.GetFileName(file), "secret\n"));
        example = Replace(example, "/usr/local/sbin/dump-databases", _directory.WriteScript("dump", "exit 0"));
        var result = Programs.Run(Repository.Binary, ["validate", "-c", _directory.Write("example.ini", example)]);
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    private static string Replace(string text, string old, string @new)
    {
        Assert.Contains(old, text, StringComparison.Ordinal);
        return text.Replace(old, @new, StringComparison.Ordinal);
    }
}
