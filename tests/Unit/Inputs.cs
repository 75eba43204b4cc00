using System.Text;
using CsCheck;

namespace Assimilator.Tests.Unit;

/// <summary>Inputs that are almost right: good examples with pieces changed, cut, doubled and mixed with noise.</summary>
internal static class Inputs
{
    /// <summary>How many inputs each property gets: some for every test run, millions for <c>./build.sh fuzz</c>.</summary>
    public static readonly long Count = long.TryParse(Environment.GetEnvironmentVariable("FUZZ_INPUTS"), out var count) ? count : 3000;

    private static readonly string[] Noise =
    [
        "", "\0", "\n", "\r\n", "\r", "=", "[", "]", "[]", ";", "#", "/", "\"", "'", "\\", "${", "}", "${HOME}", "$$", "{", "::", ":", ",", "%", "\x1b[31m",
        "\ufeff", "\ud800", "\udfff", "\ud83d\ude00", "\u2028", "\u202e", "-1", "0", "1e999", "99999999999999999999", "NaN", "null", "true", "[[[[[[[[", "{{{{{{{{",
        "\\ud800", "\\u0000", "\"\\", "\"a\":", "\u00e4", "ssh://", "http://a:b@c", "--dry-run", "../..", "~", "*", "?", "\t", "   ",
    ];

    /// <summary>An example that was changed in up to eight places.</summary>
    public static Gen<string> Mutated(params string[] examples) =>
        from example in Pick(examples)
        from changes in Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 40], Pick(Noise), Gen.Bool).Array[0, 8]
        select changes.Aggregate(example, (text, change) => Change(text, change.Item1, change.Item2, change.Item3, change.Item4));

    /// <summary>Almost right, or nothing but noise.</summary>
    public static Gen<string> Text(params string[] examples) => Gen.OneOf(
        Mutated(examples), Gen.String, Pick(Noise).Array[0, 60].Select(parts => string.Concat(parts)));

    /// <summary>The same as bytes, some of which are no UTF-8.</summary>
    public static Gen<byte[]> Bytes(params string[] examples) => Gen.OneOf(
        Text(examples).Select(Encoding.UTF8.GetBytes),
        Gen.Byte.Array[0, 300],
        Gen.Select(Mutated(examples), Gen.Byte.Array[0, 5], Gen.Int[0, 1_000_000]).Select((text, bytes, place) =>
        {
            var whole = Encoding.UTF8.GetBytes(text);
            var at = place % (whole.Length + 1);
            return (byte[])[.. whole[..at], .. bytes, .. whole[at..]];
        }));

    /// <summary>One of a few.</summary>
    public static Gen<T> Pick<T>(params T[] choices) => Gen.Int[0, choices.Length - 1].Select(index => choices[index]);

    /// <summary>Runs what is tested, and fails if it takes memory out of proportion to its input.</summary>
    public static T Bounded<T>(int inputLength, Func<T> run)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = run();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var bound = 4_000_000 + 2000L * inputLength;
        return allocated <= bound ? result : throw new InvalidOperationException($"{allocated} bytes for an input of {inputLength}");
    }

    private static string Change(string text, int place, int length, string noise, bool insert)
    {
        var at = place % (text.Length + 1);
        var end = insert ? at : Math.Min(text.Length, at + length);
        return string.Concat(text.AsSpan(0, at), noise, text.AsSpan(end));
    }
}
