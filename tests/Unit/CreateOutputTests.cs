using System.Text;
using Assimilator.Borg;

namespace Assimilator.Tests.Unit;

public sealed class CreateOutputTests
{
    private const string NotOneObject = "what borg printed is not one JSON object";

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

    private static readonly ArchiveStats NoArchiveStats = new(null, null, null, null);
    private static readonly CacheStats NoCacheStats = new(null, null, null, null, null);

    [Fact]
    public void Reads_what_borg_prints() => Assert.Equal(
        new CreateOutput(
            "web-2026-11-23T03:37:38",
            new ArchiveStats(OriginalSize: 523, CompressedSize: 480, DeduplicatedSize: 470, NFiles: 12),
            new CacheStats(
                TotalSize: 9007199254740993, TotalCsize: 5000, UniqueCsize: 622, TotalChunks: 33,
                TotalUniqueChunks: 31))
        {
            RepositoryId = "f321ead4edfa3044fed474b6b0aa0bdd668bc7df4ba2d1a853cb203d9a060e13",
        },
        Read(Borg12));

    [Fact]
    public void Does_without_what_borg_2_leaves_out() => Assert.Equal(
        new CreateOutput("web", new ArchiveStats(523, null, 470, 12), new CacheStats(100, null, null, 33, 31)) { RepositoryId = "f3" },
        Read("""
            {"archive": {"name": "web", "stats": {"deduplicated_size": 470, "nfiles": 12, "original_size": 523}},
             "cache": {"path": "/c", "stats": {"total_chunks": 33, "total_size": 100, "total_unique_chunks": 31,
             "unique_size": 669}}, "repository": {"id": "f3"}}
            """));

    [Theory]
    [InlineData("""{"archive": {}}""")]
    [InlineData("""{"archive": {"stats": {}}, "cache": {}}""")]
    [InlineData("""{"cache": {"stats": {}}, "archive": {}}""")]
    public void Does_without_any_number(string json) =>
        Assert.Equal(new CreateOutput(null, NoArchiveStats, NoCacheStats), Read(json));

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Reads_whole_numbers(string number, long expected) =>
        Assert.Equal(expected, Read($$"""{"archive": {"stats": {"nfiles": {{number}} } } }""").Archive.NFiles);

    [Theory]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("9223372036854775808")]
    [InlineData("1e999")]
    [InlineData("\"12\"")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[12]")]
    [InlineData("{}")]
    public void Leaves_out_what_is_no_whole_number(string value)
    {
        var json = $$"""{"archive": {"stats": {"nfiles": {{value}}, "original_size": 7} } }""";
        var output = Parse(json, out var problem);
        Assert.Equal(new CreateOutput(null, new ArchiveStats(7, null, null, null), NoCacheStats), output);
        Assert.Equal("archive.stats.nfiles in the JSON of borg is not a whole number", problem);
    }

    [Theory]
    [InlineData("archive", "original_size")]
    [InlineData("archive", "compressed_size")]
    [InlineData("archive", "deduplicated_size")]
    [InlineData("archive", "nfiles")]
    [InlineData("cache", "total_size")]
    [InlineData("cache", "total_csize")]
    [InlineData("cache", "unique_csize")]
    [InlineData("cache", "total_chunks")]
    [InlineData("cache", "total_unique_chunks")]
    public void Names_the_field_of_the_wrong_type(string place, string field)
    {
        var json = place == "archive"
            ? $$"""{"archive": {"name": "a", "stats": {"{{field}}": "1"} } }"""
            : $$"""{"archive": {"name": "a"}, "cache": {"stats": {"{{field}}": "1"} } }""";
        Assert.Equal(new CreateOutput("a", NoArchiveStats, NoCacheStats), Parse(json, out var problem));
        Assert.Equal($"{place}.stats.{field} in the JSON of borg is not a whole number", problem);
    }

    [Theory]
    [InlineData("""{"archive": {"name": "a", "stats": null}}""", "archive.stats")]
    [InlineData("""{"archive": {"name": "a", "stats": [1]}}""", "archive.stats")]
    [InlineData("""{"archive": {"name": "a"}, "cache": {"stats": 1}}""", "cache.stats")]
    [InlineData("""{"archive": {"name": "a"}, "cache": "x"}""", "cache")]
    [InlineData("""{"archive": {"name": "a"}, "cache": null}""", "cache")]
    public void Believes_in_the_archive_without_its_numbers(string json, string place)
    {
        Assert.Equal(new CreateOutput("a", NoArchiveStats, NoCacheStats), Parse(json, out var problem));
        Assert.Equal($"{place} in the JSON of borg is not an object", problem);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("[\"a\"]")]
    [InlineData("\"\\udcff\"")]
    [InlineData("\"a\\udcff\"")]
    public void Does_without_a_readable_name(string name) => Assert.Equal(
        new CreateOutput(null, new ArchiveStats(null, null, null, 3), NoCacheStats),
        Read($$"""{"archive": {"name": {{name}}, "stats": {"nfiles": 3} } }"""));

    [Fact]
    public void Reads_past_names_that_are_not_utf8() => Assert.Equal(
        Read(Borg12), Read(Borg12.Replace("\"/home\"", @"""/home/\udcff"", ""\ud83d""", StringComparison.Ordinal)));

    [Fact]
    public void Reads_escaped_names() =>
        Assert.Equal("größer 😀", Read("""{"archive": {"name": "gr\u00f6\u00dfer \ud83d\ude00"}}""").ArchiveName);

    [Theory]
    [InlineData("", "borg printed no JSON")]
    [InlineData(" \r\n\t", "borg printed no JSON")]
    [InlineData("{\"archive\": {}} {\"archive\": {}}", NotOneObject)]
    [InlineData("{\"archive\": {}}\nDone.", NotOneObject)]
    [InlineData("Done.\n{\"archive\": {}}", NotOneObject)]
    [InlineData("{\"archive\": {\"name\": \"a\"", NotOneObject)]
    [InlineData("{\"archive\": {},}", NotOneObject)]
    [InlineData("{", NotOneObject)]
    [InlineData("{\"archive\": {}, \"\\udcffarchive\": 1}", NotOneObject)]
    [InlineData("Traceback", NotOneObject)]
    [InlineData("{}", "the JSON of borg has no archive in it")]
    [InlineData("[]", "the JSON of borg has no archive in it")]
    [InlineData("null", "the JSON of borg has no archive in it")]
    [InlineData("3", "the JSON of borg has no archive in it")]
    [InlineData("{\"archive\": null}", "the JSON of borg has no archive in it")]
    [InlineData("{\"archive\": [{}]}", "the JSON of borg has no archive in it")]
    [InlineData("{\"archive\": \"a\"}", "the JSON of borg has no archive in it")]
    [InlineData("{\"Archive\": {}}", "the JSON of borg has no archive in it")]
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
        Assert.Equal(NotOneObject, problem);
    }

    [Fact]
    public void Survives_bytes_that_are_not_utf8()
    {
        byte[] json = [.. "{\"archive\": {\"name\": \"a"u8, 0xff, .. "\", \"stats\": {\"nfiles\": 3}}}"u8];
        var output = CreateOutput.Parse(json, out _);
        Assert.Null(output?.ArchiveName);
        Assert.Equal(3, output?.Archive.NFiles);
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
