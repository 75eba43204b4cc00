using System.Text.RegularExpressions;

namespace Assimilator.Tests.Support;

/// <summary>Where the programs come from that a test's servers are started from: this host, or the packages of another Debian,
/// unpacked. Those are Go programs that need a C library of 2021 and nothing else.</summary>
internal sealed partial class MonitoringPrograms
{
    /// <summary>What this host has installed.</summary>
    public static readonly MonitoringPrograms Installed = new(null, []);

    private static readonly string[] Packages =
        ["prometheus", "promtool", "prometheus-pushgateway", "prometheus-alertmanager", "prometheus-node-exporter"];

    private static readonly Dictionary<string, Dictionary<string, string>> LeastVersions = new()
    {
        ["trixie"] = new()
        {
            ["prometheus"] = "2.53",
            ["prometheus-pushgateway"] = "1.11",
            ["prometheus-alertmanager"] = "0.28",
            ["prometheus-node-exporter"] = "1.9",
        },
    };

    private readonly string? _suite;
    private readonly Dictionary<string, string> _leastVersions;

    private MonitoringPrograms(string? suite, Dictionary<string, string> leastVersions) => (_suite, _leastVersions) = (suite, leastVersions);

    /// <summary>The Debians after the one that these tests were first made for.</summary>
    public static IEnumerable<string> NewerSuites => LeastVersions.Keys;

    public override string ToString() => _suite ?? "this host";

    /// <summary>What to start for a name such as <c>prometheus</c>.</summary>
    public string this[string program] => _suite is null ? program : Path.Combine(DebianFiles.Of(_suite, Packages), "bin", program);

    /// <summary>The programs of another Debian.</summary>
    /// <param name="suite">For example <c>trixie</c>.</param>
    public static MonitoringPrograms Of(string suite) => new(suite, LeastVersions[suite]);

    /// <summary>Throws unless the program that runs is as new as it is to be: no test is to take an old one for a new one.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="version">What the running program says of itself.</param>
    public bool Runs(string program, Func<string> version)
    {
        if (!_leastVersions.TryGetValue(program, out var least))
            return true;
        var found = version();
        return Version.TryParse(Numbers().Match(found).Value, out var number) && number >= Version.Parse(least)
            ? true
            : throw new InvalidOperationException($"the {program} of {_suite} that runs is version {found}, not {least} or newer");
    }

    /// <summary>The version in a metric such as <c>pushgateway_build_info</c>, as a program serves it.</summary>
    public static string VersionIn(string metrics, string buildInfo) =>
        Regex.Match(metrics, buildInfo + """\{(?:.*,)?version="([^"]+)".*\} 1""").Groups[1].Value;

    [GeneratedRegex(@"\A\d+(\.\d+)+")]
    private static partial Regex Numbers();
}
