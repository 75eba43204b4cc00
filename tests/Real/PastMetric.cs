using System.Globalization;
using System.Text;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>A metric that a backup had for some time, long ago.</summary>
/// <param name="From">How long ago that began.</param>
/// <param name="To">How long ago that ended.</param>
internal sealed record PastMetric(string Backup, string Metric, double Value, TimeSpan From, TimeSpan To)
{
    private const int Samples = 2000;

    /// <summary>The samples in the OpenMetrics format, as Prometheus takes them for its history.</summary>
    public static string Serialize(IEnumerable<PastMetric> metrics)
    {
        var text = new StringBuilder();
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        foreach (var family in metrics.GroupBy(metric => metric.Metric))
        {
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {family.Key} gauge\n");
            foreach (var metric in family)
                metric.Append(text, now);
        }
        return text.Append("# EOF\n").ToString();
    }

    private void Append(StringBuilder text, long now)
    {
        for (var i = 0; i < Samples; i++)
        {
            var ago = From - ((From - To) / Samples * i);
            text.Append(CultureInfo.InvariantCulture,
                $"{Metric}{{job=\"assimilator\",instance=\"{TestBackup.Instance}\",backup=\"{Backup}\"}} {Value} {now - ago.TotalSeconds:F0}\n");
        }
    }
}
