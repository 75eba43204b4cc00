using System.Text.Json;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

[Collection(nameof(BuiltRelease))]
public sealed class ReleaseTests(BuiltRelease release)
{
    [Fact]
    public void Two_builds_of_a_commit_are_the_same_bytes()
    {
        var first = BuiltRelease.Files(release.First);
        var second = BuiltRelease.Files(release.Second);
        Assert.Equal(
            [
                "SHA256SUMS",
                .. new[] { "arm64", "x64" }.SelectMany(runtime => new[] { "", ".cdx.json" }
                    .Select(end => $"assimilator-{BuiltRelease.Version}-linux-{runtime}{end}")),
                $"assimilator_{BuiltRelease.Version}_amd64.deb", $"assimilator_{BuiltRelease.Version}_arm64.deb",
            ],
            first.Keys.Order(StringComparer.Ordinal));
        // The check sums are of other files.
        second = second.Where(file => file.Key != "SHA256SUMS").ToDictionary();
        Assert.Equal(3, second.Count);
        Assert.All(second, file => Assert.True(file.Value.SequenceEqual(first[file.Key]), $"{file.Key} differs"));
    }

    [Fact]
    public void The_check_sums_are_of_every_other_file()
    {
        var output = Programs.RunOrThrow("sh", ["-c", $"cd '{release.First}' && sha256sum --check --strict SHA256SUMS"]);
        Assert.Equal(BuiltRelease.Files(release.First).Count - 1, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("x64", "Advanced Micro Devices X86-64")]
    [InlineData("arm64", "AArch64")]
    public void Each_executable_is_static_and_for_its_machine(string runtime, string machine)
    {
        var headers = Programs.RunOrThrow("readelf", ["-hldW", release.Named(runtime)]);
        Assert.Contains(machine, headers, StringComparison.Ordinal);
        Assert.DoesNotContain("INTERP", headers, StringComparison.Ordinal);
        Assert.DoesNotContain("NEEDED", headers, StringComparison.Ordinal);
        Assert.DoesNotContain(release.Checkout, Programs.RunOrThrow("strings", [release.Named(runtime)]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_is_the_tags_and_tells_the_commit()
    {
        var expected = $"assimilator {BuiltRelease.Version} ({release.Commit})\n";
        Assert.Equal(expected, Programs.RunOrThrow(release.Native, ["--version"]));
        Assert.Equal(expected, Programs.RunOrThrow(release.ForeignCommand[0], [release.Foreign, "--version"]));
    }

    [Theory]
    [InlineData("x64", "amd64")]
    [InlineData("arm64", "arm64")]
    public void The_bill_of_materials_tells_what_was_linked(string runtime, string architecture)
    {
        using var bill = JsonDocument.Parse(File.ReadAllText($"{release.Named(runtime)}.cdx.json"));
        var product = bill.RootElement.GetProperty("metadata").GetProperty("component");
        Assert.Equal(BuiltRelease.Version, product.GetProperty("version").GetString());
        Assert.Equal(
            Programs.RunOrThrow("sha256sum", [release.Named(runtime)]).Split(' ')[0],
            product.GetProperty("hashes")[0].GetProperty("content").GetString());
        var components = bill.RootElement.GetProperty("components").EnumerateArray()
            .ToDictionary(component => component.GetProperty("name").GetString()!, component => component.GetProperty("version").GetString()!);
        Assert.Equal(Installed($"libssl-dev:{architecture}"), components["openssl"]);
        Assert.Equal(Installed($"libc6-dev:{architecture}"), components["glibc"]);
        Assert.Contains(components.Keys, name => name.StartsWith("gcc-", StringComparison.Ordinal));
        Assert.Contains($"microsoft.netcore.app.runtime.nativeaot.linux-{runtime}", components.Keys);
        Assert.Contains("microsoft.extensions.configuration.ini", components.Keys);
        // The executable tells its OpenSSL's version itself.
        Assert.Contains($"OpenSSL {components["openssl"].Split('-')[0]} ",
            Programs.RunOrThrow("strings", [release.Named(runtime)]), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_in_no_commit_is_in_no_release()
    {
        var change = Path.Combine(release.Checkout, "src/New.cs");
        File.WriteAllText(change, "");
        try
        {
            var result = Programs.Run(Path.Combine(release.Checkout, "build.sh"), ["release"]);
            Assert.Equal(1, result.ExitCode);
            Assert.Equal("build.sh: error: a release is made of a commit, and this checkout has changes that are in none\n", result.Error);
        }
        finally
        {
            File.Delete(change);
        }
    }

    private static string Installed(string package) => Programs.RunOrThrow("dpkg-query", ["-W", "-f=${Version}", package]);
}
