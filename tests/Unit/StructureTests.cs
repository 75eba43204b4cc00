using System.Text.RegularExpressions;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Unit;

/// <summary>Each folder of <c>src</c> uses only the folders below it.</summary>
public sealed partial class StructureTests
{
    /// <summary>From the bottom to the top.</summary>
    private static readonly string[] Layers =
    [
        "Posix", "Terminal", "Processes", "Metrics", "Report", "Pushgateway", "Configuration", "Borg", "State", "Reporting",
        "Run", "Commands",
    ];

    private static readonly string Sources = Path.Combine(Repository.Root, "src");

    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Sources, "*.cs", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Sources, file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_uses_only_lower_layers(string file)
    {
        var text = File.ReadAllText(Path.Combine(Sources, file));
        var folder = Path.GetDirectoryName(file)!;
        var layer = folder.Length == 0 ? Layers.Length : Array.IndexOf(Layers, folder);
        Assert.True(layer >= 0, $"{folder} is not among the layers");
        Assert.Equal(folder.Length == 0 ? "Assimilator" : $"Assimilator.{folder}", Namespace().Match(text).Groups[1].Value);
        Assert.All(Usings().Matches(text), match => Assert.InRange(Array.IndexOf(Layers, match.Groups[1].Value), 0, layer - 1));
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 120));
    }

    [GeneratedRegex(@"(?m)^namespace ([\w.]+);$")]
    private static partial Regex Namespace();

    [GeneratedRegex(@"(?m)^using (?:static )?Assimilator\.(\w+)")]
    private static partial Regex Usings();
}
