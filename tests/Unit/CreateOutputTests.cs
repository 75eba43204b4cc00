using System.Text;
using Assimilator.Borg;

namespace Assimilator.Tests.Unit;

public sealed class CreateOutputTests
{
    private const string NotOneObject = "borg's output is not one JSON object";
    private const string NoArchive = "borg's JSON contains no archive";

    // As borg 1.2.4 prints it, with numbers that tell the fields apart.
    private const string Borg12 =
        """
        {
            "archive": {
                "command_line": [
                    "/usr/bin/borg",
                    "create",
                    "--json",
                    "/srv/borg::{hostname}-{now}",
                    "/home"
                ],
                "duration": 0.002965,
                "end": "2026-11-23T03:37:38.000000",
                "id": "87c48bdfd632ff5ce26e3547b85fc028e261d5a9ba0301d1bc4126a092b407a4",
                "limits": {
                    "max_archive_size": 2.26498092957583e-05
                },
                "name": "web-2026-11-23T03:37:38",
                "start": "2026-11-23T03:37:38.000000",
                "stats": {
                    "compressed_size": 480,
                    "deduplicated_size": 470,
                    "nfiles": 12,
                    "original_size": 523
                }
            },
            "cache": {
                "path": "/root/.cache/borg/f321ead4edfa3044fed474b6b0aa0bdd668bc7df4ba2d1a853cb203d9a060e13",
                "stats": {
                    "total_chunks": 33,
                    "total_csize": 5000,
                    "total_size": 9007199254740993,
                    "total_unique_chunks": 31,
                    "unique_csize": 622,
                    "unique_size": 669
                }
            },
            "encryption": {
                "mode": "none"
            },
            "repository": {
                "id": "f321ead4edfa3044fed474b6b0aa0bdd668bc7df4ba2d1a853cb203d9a060e13",
                "last_modified": "2026-11-23T03:37:38.000000",
                "location": "/srv/borg"
            }
        }

        """;

    [Fact]
    public void Reads_what_borg_prints() => Assert.Equal(
        new CreateOutput
        {
            Archive = new()
            {
                Name = "web-2026-11-23T03:37:38",
                Id = "87c48bdfd632ff5ce26e3547b85fc028e261d5a9ba0301d1bc4126a092b407a4",
                Stats = new() { OriginalSize = 523, CompressedSize = 480, DeduplicatedSize = 470, Nfiles = 12 },
            },
            Cache = new()
            {
                Stats = new()
                {
                    TotalSize = 9007199254740993,
                    TotalCsize = 5000,
                    UniqueCsize = 622,
                    TotalChunks = 33,
                    TotalUniqueChunks = 31,
                },
            },
            Repository = new() { Id = "f321ead4edfa3044fed474b6b0aa0bdd668bc7df4ba2d1a853cb203d9a060e13" },
        },
        Read(Borg12));

    [Fact]
    public void Does_without_what_borg_2_leaves_out() => Assert.Equal(
        new CreateOutput
        {
            Archive = new() { Name = "web", Stats = new() { OriginalSize = 523, Nfiles = 12 } },
            Cache = new(),
            Repository = new() { Id = "f3" },
        },
        Read("""
            {"archive": {"name": "web", "stats": {"files_stats": {"A": 1}, "nfiles": 12, "original_size": 523}},
             "cache": {"path": "/c"}, "repository": {"id": "f3"}}
            """));

    [Theory]
    [InlineData("""{"archive": {}}""")]
    [InlineData("""{"archive": {"stats": null}, "cache": null}""")]
    [InlineData("""{"archive": {"name": null, "stats": {"nfiles": null}}}""")]
    public void Does_without_any_field(string json) => Assert.Null(Read(json).Archive?.Stats?.Nfiles);

    [Theory]
    [InlineData("-1", -1L)]
    [InlineData("0", 0L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Reads_whole_numbers(string number, long expected) =>
        Assert.Equal(expected, Read($$"""{"archive": {"stats": {"nfiles": {{number}} } } }""").Archive?.Stats?.Nfiles);

    [Theory]
    [InlineData("archive", "5")]
    [InlineData("archive", "[{}]")]
    [InlineData("archive.name", "5")]
    [InlineData("archive.name", "[\"a\"]")]
    [InlineData("archive.stats", "[1]")]
    [InlineData("archive.stats.original_size", "\"12\"")]
    [InlineData("archive.stats.compressed_size", "true")]
    [InlineData("archive.stats.deduplicated_size", "{}")]
    [InlineData("archive.stats.nfiles", "1.5")]
    [InlineData("archive.stats.nfiles", "1e3")]
    [InlineData("archive.stats.nfiles", "9223372036854775808")]
    [InlineData("cache", "\"x\"")]
    [InlineData("cache.stats.total_size", "\"1\"")]
    [InlineData("cache.stats.total_csize", "\"1\"")]
    [InlineData("cache.stats.unique_csize", "\"1\"")]
    [InlineData("cache.stats.total_chunks", "\"1\"")]
    [InlineData("cache.stats.total_unique_chunks", "\"1\"")]
    [InlineData("repository.id", "5")]
    public void Does_not_read_a_document_with_a_field_of_the_wrong_type(string path, string value)
    {
        var json = path.Split('.').Reverse().Aggregate(value, (inner, name) => $$"""{"{{name}}": {{inner}}}""");
        Assert.Null(Parse(json, out var problem));
        Assert.Contains(path, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Keeps_the_escapes_of_names_that_are_not_utf8() =>
        Assert.Equal(@"\u00fc\udcff", Read("""{"archive": {"name": "\u00fc\udcff"}}""").Archive?.Name);

    [Fact]
    public void Reads_past_names_that_are_not_utf8() => Assert.Equal(
        Read(Borg12), Read(Borg12.Replace("\"/home\"", @"""/home/\udcff"", ""\ud83d""", StringComparison.Ordinal)));

    [Fact]
    public void Reads_escaped_names() =>
        Assert.Equal("größer 😀", Read("""{"archive": {"name": "gr\u00f6\u00dfer \ud83d\ude00"}}""").Archive?.Name);

    [Theory]
    [InlineData("", "borg printed no JSON")]
    [InlineData(" \r\n\t", "borg printed no JSON")]
    [InlineData("{\"archive\": {}} {\"archive\": {}}", NotOneObject)]
    [InlineData("{\"archive\": {}}\nDone.", NotOneObject)]
    [InlineData("Done.\n{\"archive\": {}}", NotOneObject)]
    [InlineData("{\"archive\": {\"name\": \"a\"", "borg's JSON cannot be read at archive")]
    [InlineData("{\"archive\": {},}", NotOneObject)]
    [InlineData("{", NotOneObject)]
    [InlineData("{\"archive\": {}, \"\\udcffarchive\": 1}", NotOneObject)]
    [InlineData("Traceback", NotOneObject)]
    [InlineData("{}", NoArchive)]
    [InlineData("[]", NotOneObject)]
    [InlineData("null", NoArchive)]
    [InlineData("3", NotOneObject)]
    [InlineData("{\"archive\": null}", NoArchive)]
    [InlineData("{\"Archive\": {}}", NoArchive)]
    public void Finds_no_archive(string stdout, string expected)
    {
        Assert.Null(Parse(stdout, out var problem));
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void Finds_no_archive_in_json_cut_off_anywhere()
    {
        var json = Borg12.TrimEnd();
        Assert.All(Enumerable.Range(0, json.Length), length => Assert.Null(Parse(json[..length], out _)));
    }

    [Fact]
    public void Survives_deep_nesting()
    {
        var nested = $"{new string('[', 100)}{new string(']', 100)}";
        Assert.Null(Parse($$"""{"archive": {"name": "a"}, "x": {{nested}} }""", out var problem));
        Assert.NotNull(problem);
    }

    [Fact]
    public void Survives_bytes_that_are_not_utf8()
    {
        byte[] json = [.. "{\"archive\": {\"name\": \"a"u8, 0xff, .. "\", \"stats\": {\"nfiles\": 3}}}"u8];
        Assert.Equal(3, CreateOutput.Parse(json, out _)?.Archive?.Stats?.Nfiles);
    }

    private static CreateOutput? Parse(string stdout, out string? problem) =>
        CreateOutput.Parse(Encoding.UTF8.GetBytes(stdout), out problem);

    private static CreateOutput Read(string stdout)
    {
        var output = Parse(stdout, out var problem);
        Assert.Null(problem);
        return output!;
    }
}
