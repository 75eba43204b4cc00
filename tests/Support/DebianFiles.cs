using System.Security.Cryptography;

namespace Assimilator.Tests.Support;

/// <summary>The files of a Debian with its borg, fetched once for each checkout.</summary>
internal static class DebianFiles
{
    /// <summary>A mirror may be far away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly Lock OneByOne = new();

    /// <summary>A directory with everything below /usr, for reading.</summary>
    /// <param name="suite">For example <c>trixie</c>.</param>
    public static string Of(string suite)
    {
        var script = Path.Combine(Repository.Root, "tests/Resources/debian-root.sh");
        // Files that another version of the script has made are not the same.
        var version = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(script)))[..8];
        var root = Path.Combine(Repository.Root, $"obj/roots/{suite}-{version}");
        lock (OneByOne)
        {
            using var process = Programs.Start("bash", [script, suite, root]);
            var result = Programs.Finish(process, Patience);
            if (result.ExitCode != 0)
                throw new InvalidOperationException($"cannot fetch {suite}: {result}");
        }
        return Path.Combine(root, "usr");
    }
}
