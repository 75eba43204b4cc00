using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>This checkout, committed and tagged elsewhere, and what <c>./build.sh deb</c> makes of it there: twice, in directories
/// of different names, under different settings; the second time for this machine alone, since each costs a minute.</summary>
[CollectionDefinition(nameof(BuiltRelease))]
public sealed class BuiltRelease : ICollectionFixture<BuiltRelease>, IDisposable
{
    public const string Version = "98.7.6";

    public static readonly string Architecture = Programs.RunOrThrow("dpkg", ["--print-architecture"]).Trim();

    private readonly TestDirectory _directory = new();

    public BuiltRelease()
    {
        // Side by side: one after the other, everybody would wait for them in the end.
        var first = Task.Run(() => Build("first", new() { ["TZ"] = "UTC", ["LC_ALL"] = "C" }));
        Second = Build("a/deeper/second", new() { ["TZ"] = "Asia/Kathmandu", ["LC_ALL"] = "C.UTF-8", ["RELEASE_ARCHITECTURES"] = Architecture });
        First = first.GetAwaiter().GetResult();
        Native = Named(System.Runtime.InteropServices.RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant());
        Foreign = Named(Native.Contains("arm64", StringComparison.Ordinal) ? "x64" : "arm64");
    }

    /// <summary>The directory of the first build's files.</summary>
    public string First { get; }

    public string Second { get; }

    /// <summary>The checkout that the first build was made from.</summary>
    public string Checkout => Path.GetDirectoryName(First)!;

    /// <summary>The executable for this machine.</summary>
    public string Native { get; }

    /// <summary>The one for the other.</summary>
    public string Foreign { get; }

    /// <summary>The words that start the executable for the other machine.</summary>
    public IReadOnlyList<string> ForeignCommand =>
        [Foreign.EndsWith("arm64", StringComparison.Ordinal) ? "qemu-aarch64-static" : "qemu-x86_64-static", Foreign];

    public string Commit => Programs.RunOrThrow("git", ["-C", Checkout, "rev-parse", "--short=12", "HEAD"]).Trim();

    /// <summary>The files of a build, by name, with their content.</summary>
    public static IReadOnlyDictionary<string, byte[]> Files(string directory) => Directory.GetFiles(directory)
        .ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);

    public string Named(string runtime) => Path.Combine(First, $"assimilator-{Version}-linux-{runtime}");

    public void Dispose() => _directory.Dispose();

    private string Build(string name, Dictionary<string, string?> environment)
    {
        var checkout = _directory.MakeDirectory(name);
        // What is committed here would not be what is tested.
        Programs.RunOrThrow("sh", ["-c",
            """
            set -e
            cd "$3"
            git -c safe.directory='*' ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -Pp -t "$1"
            cd "$1"
            export GIT_AUTHOR_DATE='1700000000 +0000' GIT_COMMITTER_DATE='1700000000 +0000'
            git init -q
            git add --all
            git -c user.name='Test Maintainer' -c user.email=test@maintainer.invalid commit -q -m test
            git tag "v$2"
            """, "sh", checkout, Version, Repository.Root]);
        Programs.RunOrThrow(Path.Combine(checkout, "build.sh"), ["deb"], environment, TimeSpan.FromMinutes(30));
        return Path.Combine(checkout, "dist");
    }
}
