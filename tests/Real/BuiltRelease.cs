using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>This checkout, committed and tagged elsewhere, and what <c>./build.sh deb</c> makes of it there. For this machine alone,
/// since each costs a minute, it is compiled and packed once more, in a directory of another name and under other settings.</summary>
[CollectionDefinition(nameof(BuiltRelease))]
public sealed class BuiltRelease : ICollectionFixture<BuiltRelease>, IDisposable
{
    public const string Version = "98.7.6";

    public static readonly string Architecture = Programs.RunOrThrow("dpkg", ["--print-architecture"]).Trim();

    private readonly TestDirectory _directory = new();

    public BuiltRelease()
    {
        var runtime = System.Runtime.InteropServices.RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();
        // Side by side: one after the other, everybody would wait for them in the end.
        var first = Task.Run(() => Build("first", "./build.sh deb", "UTC", "C"));
        (Second, _) = Build("a/deeper/second",
            $$"""
            umask 077
            RELEASE_ARCHITECTURES={{Architecture}} ./build.sh release
            executable=dist/assimilator-{{Version}}-linux-{{runtime}}
            SOURCE_DATE_EPOCH=1700000000 src/Packaging/debian-package $executable $executable {{Architecture}} {{Version}} dist
            """, "Asia/Kathmandu", "C.UTF-8");
        (First, Words) = first.GetAwaiter().GetResult();
        Native = Named(runtime);
        Foreign = Named(runtime == "arm64" ? "x64" : "arm64");
    }

    /// <summary>The directory of the first build's files.</summary>
    public string First { get; }

    public string Second { get; }

    /// <summary>What the first build said.</summary>
    internal ProgramResult Words { get; }

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

    private (string Files, ProgramResult Words) Build(string name, string commands, string timeZone, string language)
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
        var words = Programs.Run("sh", ["-euc", $"cd '{checkout}'\n{commands}"], new Dictionary<string, string?>
        {
            ["TZ"] = timeZone,
            ["LC_ALL"] = language,
            // They have seen this source when the tested executable was built, and would take half a minute each time.
            ["RunAnalyzers"] = "false",
        }, TimeSpan.FromMinutes(30));
        return words.ExitCode == 0 ? (Path.Combine(checkout, "dist"), words) : throw new InvalidOperationException($"{name}: {words}");
    }
}
