using System.Globalization;
using Assimilator.Terminal;

namespace Assimilator.Borg;

/// <summary>How far a borg process has come, in a line for people.</summary>
/// <param name="what">The step, and which series of archives it is about.</param>
/// <param name="lastDuration">How long the last one took; null if that is not known.</param>
internal sealed class StepProgress(string what, TimeSpan? lastDuration)
{
    /// <summary>A path with less room tells nothing.</summary>
    private const int ShortestPath = 12;

    private volatile BorgLogLine? _latest;

    public void Take(BorgLogLine line) => _latest = line;

    /// <param name="elapsed">Since the step began.</param>
    /// <param name="columns">The line takes no more.</param>
    public string Text(TimeSpan elapsed, int columns)
    {
        var latest = _latest;
        var archive = latest is { Type: BorgLogLine.ArchiveProgress, Finished: not true } ? latest : null;
        // What matters least is last, and left out where there is no room.
        string?[] parts =
        [
            latest is { Total: > 0, Current: { } current }
                ? string.Create(CultureInfo.InvariantCulture, $"{100 * current / latest.Total} %") : null,
            archive is null ? null : Quantities.Count(archive.Nfiles ?? 0, "file"),
            archive is null ? null : Quantities.Bytes(archive.OriginalSize ?? 0),
            Quantities.Duration(TimeSpan.FromSeconds((long)elapsed.TotalSeconds)),
            archive is null || elapsed < TimeSpan.FromSeconds(1) ? null
                : $"{Quantities.Bytes((long)((archive.OriginalSize ?? 0) / elapsed.TotalSeconds))}/s",
            lastDuration is { } last ? $"last time {Quantities.Duration(last)}" : null,
        ];
        var known = parts.OfType<string>().ToList();
        while (known.Count > 1 && TextWidth.Of(Line(known)) > columns)
            known.RemoveAt(known.Count - 1);
        var head = TextWidth.Shorten(Line(known), columns);
        var room = columns - TextWidth.Of(head) - 2;
        return archive is { Path: { Length: > 0 } path } && room >= ShortestPath
            ? $"{head}  {TextWidth.Shorten(PlainText.OneLine($"/{path}"), room)}" : head;

        string Line(List<string> facts) => $"{what}: {string.Join(", ", facts)}";
    }
}
