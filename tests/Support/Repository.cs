using System.Reflection;

namespace Assimilator.Tests.Support;

/// <summary>The files of this project that tests look at.</summary>
internal static class Repository
{
    public static readonly string Root = Path.GetFullPath(typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryRoot").Value!);

    /// <summary>The published executable, which is what the tests run.</summary>
    public static string Binary => Existing("dist/assimilator", "run ./build.sh first");

    public static string ReadText(string name) => File.ReadAllText(Existing(name, "is the checkout complete?"));

    private static string Existing(string name, string remedy)
    {
        var path = Path.Combine(Root, name);
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is missing: {remedy}");
    }
}
