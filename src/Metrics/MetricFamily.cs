namespace Assimilator.Metrics;

/// <summary>One sample: its own labels (the grouping key is not among them) and its value.</summary>
internal sealed record Metric(IReadOnlyList<LabelPair> Labels, double Value);

internal sealed record LabelPair(string Name, string Value);

/// <summary>A gauge with its help text and samples; every metric here is a gauge.</summary>
internal sealed record MetricFamily(string Name, string Help, IReadOnlyList<Metric> Metrics);
