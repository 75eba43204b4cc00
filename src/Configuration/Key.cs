using System.Globalization;

namespace Assimilator.Configuration;

/// <summary>One key that a configuration may hold.</summary>
/// <param name="Section">The section it belongs to.</param>
/// <param name="Name">Its name, lower case; the file may write it in any case.</param>
/// <param name="Default">The value that applies without it, as people write it; a description if it is
/// <see cref="IsDescription"/>; empty if there is none.</param>
/// <param name="Help">What it is for, for README and help.</param>
internal abstract record Key(string Section, string Name, string Default, string Help)
{
    /// <summary>What to write, to be read behind "expected".</summary>
    public abstract string Expected { get; }

    /// <summary>The value is words, as in <see cref="CommandWords"/>.</summary>
    public bool IsCommand { get; init; }

    /// <summary>The value is a secret, or like a URL may contain one: it is never shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>The default is described in words: it depends on this host or on other keys, or there is
    /// none.</summary>
    public bool IsDescription { get; init; }
}

/// <summary>A key and the type of its value.</summary>
internal sealed record Key<T>(string Section, string Name, KeyType<T> Type, string Default, string Help)
    : Key(Section, Name, Default, Help)
{
    public override string Expected => Type.Expected;

    /// <summary>The value without the key; nothing if the default is computed.</summary>
    public T? DefaultValue =>
        !IsDescription && Default.Length > 0 && Type.TryParse(Default, out var value) ? value : default;
}

/// <summary>A type of values, with its bounds.</summary>
/// <param name="Expected">What to write, to be read behind "expected".</param>
internal sealed record KeyType<T>(string Expected, KeyParser<T> TryParse);

internal delegate bool KeyParser<T>(string text, out T? value);

/// <summary>A section whose values are a list; its keys are labels that give the order.</summary>
/// <param name="IsCommands">Each value is words, as in <see cref="CommandWords"/>.</param>
internal sealed record ListSection(string Name, string Help, bool IsCommands = false);

/// <summary>The types of values.</summary>
internal static class KeyTypes
{
    public static readonly KeyType<string> Text = new("text", static (text, out value) =>
    {
        value = text;
        return true;
    });

    public static readonly (string Word, bool Value)[] FlagWords =
    [
        ("true", true), ("false", false), ("yes", true), ("no", false), ("on", true), ("off", false), ("1", true),
        ("0", false),
    ];

    public static readonly KeyType<bool> Flag = OneOf(FlagWords, "'true' or 'false'");

    public static readonly KeyType<TimeSpan> Duration = Between(TimeSpan.FromTicks(1), Durations.Longest,
        ", more than 0 and at most ten years");

    /// <summary>A duration, or <c>none</c>.</summary>
    public static readonly KeyType<TimeSpan?> DurationOrNone = new(
        $"{Duration.Expected}, or 'none'", static (text, out value) =>
        {
            var isDuration = Duration.TryParse(text, out var duration);
            value = isDuration ? duration : null;
            return isDuration || text.Equals("none", StringComparison.OrdinalIgnoreCase);
        });

    /// <summary>A type whose key may be missing.</summary>
    public static KeyType<T?> Optional<T>(KeyType<T> type) where T : struct => new(type.Expected, (text, out value) =>
    {
        var isValid = type.TryParse(text, out var found);
        value = found;
        return isValid;
    });

    public static KeyType<TimeSpan> Interval => Between(TimeSpan.FromMinutes(1), Durations.Longest,
        ", at least a minute (hours are '24h')");

    public static KeyType<TimeSpan> Between(TimeSpan least, TimeSpan most, string bounds) => new(
        $"{Durations.Expected}{bounds}", (text, out value) =>
        {
            value = Durations.Parse(text) ?? TimeSpan.Zero;
            return value >= least && value <= most;
        });

    public static KeyType<int> Number(int least, int most) => new(
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"),
        (text, out value) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            && value >= least && value <= most);

    /// <summary>A size in bytes, in decimal units.</summary>
    public static readonly KeyType<long> Size = new("a size like '500MB' or '1GB'", static (text, out value) =>
    {
        value = Sizes.Parse(text) ?? 0;
        return value > 0;
    });

    /// <summary>Several values, separated by commas or blanks.</summary>
    public static KeyType<IReadOnlyList<T>> List<T>(KeyType<T> type) => new(
        $"{type.Expected}, or several separated by commas", (text, out values) =>
        {
            var parsed = text.Split([',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
                .Select(word => (IsValid: type.TryParse(word, out var value), Value: value)).ToList();
            values = [.. parsed.Select(item => item.Value!)];
            return parsed.Count > 0 && parsed.TrueForAll(item => item.IsValid);
        });

    public static KeyType<T> OneOf<T>((string Word, T Value)[] words, string? expected = null) => new(
        expected ?? $"{string.Join(", ", words.SkipLast(1).Select(word => $"'{word.Word}'"))} or '{words[^1].Word}'",
        (text, out value) =>
        {
            var index = Array.FindIndex(words, word => word.Word.Equals(text, StringComparison.OrdinalIgnoreCase));
            value = index < 0 ? default : words[index].Value;
            return index >= 0;
        });
}
