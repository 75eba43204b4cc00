using System.Security.Cryptography;
using System.Text;

namespace Assimilator.Tests.Support;

/// <summary>The files of a Debian with its borg, or of some of its packages, fetched once for each checkout.</summary>
internal static class DebianFiles
{
    /// <summary>A mirror may be far away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly Lock OneByOne = new();

    /// <summary>A directory with everything below /usr, for reading.</summary>
    /// <param name="suite">For example <c>trixie</c>.</param>
    /// <param name="packages">These alone, without what they need; a whole Debian with borg if there are none.</param>
    public static string Of(string suite, params string[] packages)
    {
        var script = Path.Combine(Repository.Root, "tests/Resources/debian-root.sh");
        // Files that another version of the script has made, or of other packages, are not the same.
        var version = Convert.ToHexStringLower(
            SHA256.HashData([.. File.ReadAllBytes(script), .. Encoding.UTF8.GetBytes(string.Join(' ', packages))]))[..8];
        var root = Path.Combine(Repository.Root, $"obj/roots/{suite}-{version}");
        lock (OneByOne)
        {
            using var process = Programs.Start("bash", [script, suite, root, .. packages]);
            var result = Programs.Finish(process, Patience);
            if (result.ExitCode != 0)
                throw new InvalidOperationException($"cannot fetch {suite}: {result}");
        }
        return Path.Combine(root, "usr");
    }
}
