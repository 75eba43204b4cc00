using Assimilator.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Assimilator.Tests.Support;

/// <summary>Starts the tests that build releases and whole Debian systems first: at the end they would run alone.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest = ["BuiltRelease", "DebianTests", "EndToEndTests"];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Array.FindIndex(
            Longest, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal)) is >= 0 and var place
                ? place : Longest.Length)];
}
