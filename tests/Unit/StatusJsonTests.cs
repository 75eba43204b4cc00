using System.Text;
using System.Text.Json;
using Assimilator.Reporting;
using static Assimilator.Tests.Unit.StatusSamples;

namespace Assimilator.Tests.Unit;

public sealed class StatusJsonTests
{
    [Fact]
    public void Every_fact_has_its_field()
    {
        using var document = JsonDocument.Parse(StatusJson.Of([Several], Now));
        var root = document.RootElement;
        Assert.Equal(("critical", "2026-05-10T12:00:00Z"), (Text(root, "status"), Text(root, "time")));
        var backup = Assert.Single(root.GetProperty("backups").EnumerateArray());
        Assert.Equal(
            """{"name":"web","status":"critical","configuration_file":"/etc/assimilator.d/home.ini","messages":[],"last_run":{"started_at":"2026-05-10T07:00:00Z","duration_seconds":300,"outcome":"success"}"""
            + ""","runs":[{"started_at":"2026-05-08T07:00:00Z","duration_seconds":600,"outcome":"warning"},{"started_at":"2026-05-09T07:00:00Z","outcome":"lost"},{"started_at":"2026-05-10T07:00:00Z","duration_seconds":300,"outcome":"success"}]"""
            + ""","series":[{"repository":"server","stream":"dumps/shop.sql","location":"/srv/borg","status":"critical","result":"OK, prune held, DAMAGED","last_success":"2026-05-10T07:03:00Z","interval_seconds":86400,"next_due":"2026-05-11T07:03:00Z","is_overdue":false,"runs_without_archive":0,"archive_count":2"""
            + $$""","newest_archive":{{Archive(5, "2026-05-10T07:00:00Z", 200)}},"created_archives":[{{Archive(101, "2026-05-06T07:00:00Z", 400)}},{{Archive(53, "2026-05-08T07:00:00Z", 1000)}},{{Archive(5, "2026-05-10T07:00:00Z", 200)}}]"""
            + ""","last_check":{"ended_at":"2026-05-08T12:00:00Z","return_code":1,"duration_seconds":3600},"check_interval_seconds":2592000,"last_verify_data":"2026-03-31T12:00:00Z","last_restore":{"ended_at":"2026-05-07T12:00:00Z","return_code":2,"verified":10,"read":0,"unreadable":3,"differing":4}"""
            + ""","restore_interval_seconds":604800,"damaged_since":"2026-05-08T12:00:00Z","is_prune_held":true,"prune_hold":{"since":"2026-05-06T12:00:00Z","reason":"archives are gone"}}"""
            + ""","""
            + """{"repository":"usb","location":"/usb","status":"ok","result":"absent","is_overdue":false,"archive_count":0,"created_archives":[],"is_prune_held":false}]}""",
            Compact(backup));
    }

    [Fact]
    public void A_backup_of_which_nothing_is_known_says_why()
    {
        using var document = JsonDocument.Parse(StatusJson.Of([Good, BackupStatus.Unknown("x", "x.ini", "misconfigured", "1 problem")], Now));
        var (good, broken) = (document.RootElement.GetProperty("backups")[0], document.RootElement.GetProperty("backups")[1]);
        Assert.Equal(("ok", "critical", "critical"), (Text(good, "status"), Text(broken, "status"), Text(document.RootElement, "status")));
        Assert.Equal(
            """{"name":"x","status":"critical","configuration_file":"x.ini","messages":["1 problem"],"runs":[],"series":[{"status":"critical","result":"misconfigured","is_overdue":false,"created_archives":[],"is_prune_held":false}]}""",
            Compact(broken));
    }

    /// <summary>Those of an entry that stands in another place again are listed once.</summary>
    [Fact]
    public void Every_field_is_explained_in_its_order()
    {
        using var document = JsonDocument.Parse(StatusJson.Of([Several with { RunningSince = Now }], Now));
        Assert.Equal(StatusFields.All.Select(row => row.Field), Fields(document.RootElement, ""));
    }

    private static IEnumerable<string> Fields(JsonElement element, string margin)
    {
        foreach (var field in element.EnumerateObject())
        {
            var isList = field.Value.ValueKind == JsonValueKind.Array;
            yield return $"{margin}{field.Name}{(isList ? "[]" : "")}";
            var inner = isList && field.Value.GetArrayLength() > 0 ? field.Value[0] : field.Value;
            if (inner.ValueKind == JsonValueKind.Object && field.Name is not ("last_run" or "newest_archive"))
                foreach (var name in Fields(inner, $"{margin}  "))
                    yield return name;
        }
    }

    private static string Archive(int hoursAgo, string startedAt, long newData) =>
        $$"""{"name":"home-{{hoursAgo}}","started_at":"{{startedAt}}","duration_seconds":120,"original_size":9000,"compressed_size":8000,"deduplicated_size":{{newData}},"nfiles":7}""";

    private static string? Text(JsonElement element, string field) => element.GetProperty(field).GetString();

    private static string Compact(JsonElement element)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            element.WriteTo(writer);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
