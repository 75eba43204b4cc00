using Assimilator.Borg;
using Assimilator.Terminal;
using static Assimilator.Tests.Unit.BorgLines;

namespace Assimilator.Tests.Unit;

public sealed class StepProgressTests
{
    private const string Archive =
        """{"type": "archive_progress", "original_size": 3200000000, "compressed_size": 1, "deduplicated_size": 2, "nfiles": 12345, "path": "home/alice/Pictures/日本/2026 holiday.jpg", "time": 1.5}""";

    private const string Percent =
        """{"type": "progress_percent", "operation": 1, "msgid": "repository.check", "current": 45, "total": 200, "finished": false, "message": "Checking segments  22.5%", "time": 1.5}""";

    [Theory]
    [InlineData(null, 200, "create: 42 s, last time 1 min 10 s")]
    [InlineData(Archive, 200, "create: 12,345 files, 3.2 GB, 42 s, 74.59 MB/s, last time 1 min 10 s  /home/alice/Pictures/日本/2026 holiday.jpg")]
    [InlineData(Archive, 100, "create: 12,345 files, 3.2 GB, 42 s, 74.59 MB/s, last time 1 min 10 s  /home/alice/Pi…026 holiday.jpg")]
    [InlineData(Archive, 80, "create: 12,345 files, 3.2 GB, 42 s, 74.59 MB/s, last time 1 min 10 s")]
    [InlineData(Archive, 39, "create: 12,345 files, 3.2 GB, 42 s")]
    [InlineData(Archive, 10, "crea…files")]
    [InlineData(Percent, 80, "create: 22 %, 42 s, last time 1 min 10 s")]
    public void Says_how_far_it_has_come(string? line, int columns, string expected)
    {
        var progress = new StepProgress("create", TimeSpan.FromSeconds(70));
        if (line is not null)
            progress.Take(Parse(line)!);
        var text = progress.Text(TimeSpan.FromSeconds(42.9), columns);
        Assert.InRange(TextWidth.Of(text), 0, columns);
        Assert.Equal(expected, text);
    }

    [Fact]
    public void Shows_no_control_characters()
    {
        var progress = new StepProgress("create", null);
        progress.Take(Parse("""{"type": "archive_progress", "nfiles": 1, "original_size": 0, "path": "a\u001b[2J\nb"}""")!);
        Assert.DoesNotContain(progress.Text(TimeSpan.Zero, 200), char.IsControl);
    }

    [Fact]
    public void The_last_line_of_a_kind_has_no_numbers()
    {
        var progress = new StepProgress("create", null);
        progress.Take(Parse("""{"type": "archive_progress", "finished": true, "time": 1.5}""")!);
        Assert.Equal("create: 3 s", progress.Text(TimeSpan.FromSeconds(3), 80));
    }
}
