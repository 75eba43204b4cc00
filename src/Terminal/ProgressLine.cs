using System.Text;
using Assimilator.Posix;

namespace Assimilator.Terminal;

/// <summary>The last line of a terminal, which redraws itself while something runs. Messages are written above
/// it.</summary>
internal sealed class ProgressLine : IDisposable
{
    private const string ToLineStart = "\r", EraseToLineEnd = "\e[K";
    private const int StandardError = 2, UsualColumns = 80;

    private static readonly TimeSpan RedrawEvery = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly Timer _timer;
    private Func<int, string>? _text;
    private bool _isDrawn;

    private ProgressLine() => _timer = new(_ => Draw(), null, RedrawEvery, RedrawEvery);

    /// <summary>Null without a terminal that can redraw a line.</summary>
    public static ProgressLine? Open() => LibC.IsTerminal(StandardError)
        && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb" ? new() : null;

    /// <summary>What to show from now on; null for nothing.</summary>
    /// <param name="text">The line for at most so many columns, asked for each time.</param>
    public void Show(Func<int, string>? text)
    {
        lock (_lock)
        {
            _text = text;
            if (text is null)
                Erase();
        }
    }

    /// <summary>Writes something else to the terminal, above the line.</summary>
    public void Around(Action write)
    {
        lock (_lock)
        {
            Erase();
            write();
        }
    }

    public void Dispose()
    {
        Show(null);
        _timer.Dispose();
    }

    private void Draw()
    {
        lock (_lock)
        {
            if (_text is null)
                return;
            // In the last column, some terminals begin a new line.
            var text = _text((LibC.Columns(StandardError) ?? UsualColumns) - 1);
            Write($"{ToLineStart}{text}{EraseToLineEnd}");
            _isDrawn = true;
        }
    }

    private void Erase()
    {
        if (_isDrawn)
            Write($"{ToLineStart}{EraseToLineEnd}");
        _isDrawn = false;
    }

    private static void Write(string text) => _ = LibC.WriteAll(StandardError, Encoding.UTF8.GetBytes(text));
}
