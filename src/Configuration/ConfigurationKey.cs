namespace Assimilator.Configuration;

/// <summary>One key that a configuration may hold.</summary>
/// <param name="Section">The section it stands in.</param>
/// <param name="Name">Its name, lower case; the file may write it in any case.</param>
/// <param name="Default">What applies without it, as README words it; empty if nothing does.</param>
/// <param name="Meaning">One sentence for README.</param>
internal sealed record ConfigurationKey(string Section, string Name, string Default, string Meaning)
{
    /// <summary>True if its value is a secret, or like a URL may hold one: it is never shown.</summary>
    public bool IsSecret { get; init; }
}

/// <summary>A section whose values are a list; its keys are labels that say the order.</summary>
internal sealed record ListSection(string Name, string Meaning);
