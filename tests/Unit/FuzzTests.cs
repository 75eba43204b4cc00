using System.Text;
using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Metrics;
using Assimilator.Processes;
using Assimilator.Pushgateway;
using Assimilator.State;
using Assimilator.Terminal;
using Assimilator.Tests.Support;
using CsCheck;

namespace Assimilator.Tests.Unit;

/// <summary>Whatever comes in: no crash, no memory out of proportion, and what must hold holds.</summary>
public sealed class FuzzTests
{
    private const string Canary = "S3CRETcanary";

    [Fact]
    public void Configuration()
    {
        var example = Repository.ReadText("assimilator.ini");
        var withSecrets = $"[repository]\nlocation = /srv\npassphrase = {Canary}\n[pushgateway]\nurl = http://u:{Canary}@h\npassword = {Canary}\n[paths]\n1 = /\n";
        var environment = new Dictionary<string, string> { ["HOME"] = "/root" };
        Inputs.Text(example, withSecrets, example.Replace("\n;", "\n", StringComparison.Ordinal)).Sample(input =>
        {
            // What comes from a file is strict UTF-8.
            var text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(input));
            var result = Inputs.Bounded(text.Length, () => ConfigurationReader.ReadText(text, "/nonexistent/fuzz.ini", environment));
            foreach (var problem in result.Problems)
            {
                var line = $"{problem.Describe("f")} {problem.Hint}";
                Assert.DoesNotContain(Canary, line, StringComparison.Ordinal);
                Assert.NotEmpty(problem.Message);
            }
        }, iter: Inputs.Count);
    }

    [Fact]
    public void Standard_output_of_borg() => Inputs.Bytes(TestBackup.StandInJson).Sample(stdout =>
    {
        var problem = "";
        var output = Inputs.Bounded(stdout.Length, () => CreateOutput.Parse(stdout, out problem));
        Assert.Equal(output is null, problem is not null);
    }, iter: Inputs.Count);

    [Fact]
    public void Standard_error_of_borg() => Inputs.Bytes(
        """{"type": "log_message", "time": 1.5, "message": "m", "levelname": "WARNING", "name": "borg.output.list"}""",
        """{"message": "Do you?", "type": "question_prompt", "msgid": "X"}""", "plain text").Sample(
        bytes => Inputs.Bounded(bytes.Length, () => BorgLogLine.Parse(bytes)), iter: Inputs.Count);

    [Fact]
    public void Lines_do_not_depend_on_how_they_arrive() =>
        Gen.Select(Inputs.Bytes("one\ntwo\r\nthree\n\nfour"), Gen.Int[1, 20]).Sample((bytes, size) =>
        {
            var whole = Lines(bytes, bytes.Length + 1);
            Assert.Equal(whole, Lines(bytes, size));
            Assert.Equal(whole, Encoding.UTF8.GetString(bytes).Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0));
        }, iter: Inputs.Count);

    [Fact]
    public void State() => Inputs.Bytes(
        """{"version": 1, "last_success": "2026-01-01T00:00:00+00:00", "last_archive": {"name": "a", "nfiles": 3}, "interrupted_runs": 2}""",
        """{"version": 1, "run_in_progress": {"started_at": "2026-01-01T00:00:00Z", "process_id": 7}}""").Sample(
        bytes =>
        {
            var (state, failure) = Inputs.Bounded(bytes.Length, () => StateFile.Parse(Encoding.UTF8.GetString(bytes), "/state"));
            Assert.True(state is null != failure is null);
        }, iter: Inputs.Count);

    [Fact]
    public void Metrics_are_read_back_as_they_were_meant()
    {
        var label = Gen.Select(Inputs.Pick("a", "b_c", "D9"), Inputs.Text("value")).Select((name, value) => new LabelPair(name, value));
        var family = Gen.Select(Inputs.Text("Help text"), label.Array[0, 1], Gen.Double).Select((help, labels, value) =>
            new MetricFamily("name", help, [new Metric(labels, value)]));
        family.Sample(expected =>
        {
            var text = TextFormat.Serialize([expected]);
            var (help, labels, value) = StrictTextParser.ParseOne(text, expected.Name);
            Assert.Equal(WithoutSurrogatesAndReturns(expected.Help), help);
            Assert.Equal(expected.Metrics[0].Labels.Select(pair => (pair.Name, WithoutSurrogatesAndReturns(pair.Value))), labels);
            Assert.Equal(expected.Metrics[0].Value, value);
        }, iter: Inputs.Count);
    }

    [Fact]
    public void A_group_is_never_another_group() => Inputs.Text("value", "a/b").Where(text => !text.Any(char.IsSurrogate)).Sample(value =>
    {
        var path = GroupingKey.Path([new("job", value), new("instance", "i")]);
        // As .NET's Uri and the gateway's router see it.
        var segments = new Uri($"http://h:1{path}").AbsolutePath.Split('/');
        Assert.Equal(6, segments.Length);
        Assert.Equal("i", segments[5]);
        Assert.Equal(value, segments[3 - 0] is var encoded && segments[2] == "job" ? encoded : Decode(encoded));
    }, iter: Inputs.Count);

    [Fact]
    public void A_quoted_word_is_one_word() => Inputs.Text("word").Sample(
        word => Assert.Equal([word], CommandWords.Split(CommandWords.Quote(word))), iter: Inputs.Count);

    [Fact]
    public void Small_parsers() => Inputs.Text("1h30m", "{hostname}-{now:%Y}", "a \"b c\" d\\ e", "unknown").Sample(text =>
    {
        Inputs.Bounded(text.Length, () => Durations.Parse(text));
        Inputs.Bounded(text.Length, () => CommandWords.Split(text));
        Inputs.Bounded(text.Length, () => ArchiveTemplate.Parse(text, out _)?.GlobArchives);
        Inputs.Bounded(text.Length, () => NearestName.Of(text, Schema.Sections));
        var line = PlainText.OneLine(text);
        Assert.DoesNotContain(line, character => char.IsControl(character) && character != '\t');
    }, iter: Inputs.Count);

    private static List<string> Lines(byte[] bytes, int size)
    {
        var lines = new List<string>();
        var splitter = LineSplitter.OfText(lines.Add);
        foreach (var chunk in bytes.Chunk(size))
            splitter.Write(chunk);
        splitter.Complete();
        return lines;
    }

    private static string WithoutSurrogatesAndReturns(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => rune.Value == '\r' ? " " : rune.ToString()));

    private static string Decode(string base64Url)
    {
        var base64 = base64Url.TrimEnd('=').Replace('-', '+').Replace('_', '/');
        return Encoding.UTF8.GetString(Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '=')));
    }
}
