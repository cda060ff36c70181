using System.Diagnostics.Metrics;

namespace Avouch.Server.Metrics;

internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>
/// All series of one instrument. Finding a series takes no lock and allocates nothing, since it happens at every request; their number is bounded, and
/// what comes beyond that is one series that says so.
/// </summary>
internal sealed class MetricFamily
{
    internal const int MaxSeries = 1000;

    private const int Places = 256;

    private static readonly double[] UsualBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private static readonly KeyValuePair<string, object?>[] Overflow = [new("overflow", "true")];

    private readonly Lock gate = new();
    private readonly MetricSeries?[] places = new MetricSeries?[Places];
    private readonly IReadOnlyList<double> boundaries;
    private readonly bool isObserved;
    private int count;

    public MetricFamily(Instrument instrument)
    {
        Instrument = instrument;
        var type = instrument.GetType().GetGenericTypeDefinition();
        isObserved = instrument.IsObservable;
        Kind = type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? MetricKind.Counter : type == typeof(Histogram<>) ? MetricKind.Histogram : MetricKind.Gauge;
        HasSums = !isObserved && type != typeof(Gauge<>);
        boundaries = Kind == MetricKind.Histogram ? FindBoundaries(instrument) : [];
    }

    public Instrument Instrument { get; }

    public MetricKind Kind { get; }

    /// <summary>Whether each measurement is added to those before it, or replaces them.</summary>
    private bool HasSums { get; }

    public void Record(double measured, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var series = Find(labels);
        if (Kind == MetricKind.Histogram) series.Observe(measured);
        else if (HasSums) series.Add(measured);
        else series.Set(measured);
    }

    /// <summary>What the nouns do not tell again counts as gone.</summary>
    public void Forget()
    {
        if (!isObserved) return;
        foreach (var series in All()) series.IsCurrent = false;
    }

    public IEnumerable<MetricSeries> All()
    {
        foreach (var place in places)
            for (var series = place; series is not null; series = series.Next)
                yield return series;
    }

    private MetricSeries Find(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var hash = Hash(labels);
        return FindIn(Volatile.Read(ref places[hash & (Places - 1)]), labels, hash) ?? Add(labels, hash);
    }

    private static MetricSeries? FindIn(MetricSeries? series, ReadOnlySpan<KeyValuePair<string, object?>> labels, int hash)
    {
        while (series is not null && !series.Is(labels, hash)) series = series.Next;
        return series;
    }

    private MetricSeries Add(ReadOnlySpan<KeyValuePair<string, object?>> labels, int hash)
    {
        lock (gate)
        {
            if (count >= MaxSeries && !labels.SequenceEqual(Overflow)) return Find(Overflow);
            ref var place = ref places[hash & (Places - 1)];
            if (FindIn(place, labels, hash) is { } made) return made;
            count++;
            var added = new MetricSeries(labels.ToArray(), hash, boundaries, place);
            Volatile.Write(ref place, added);
            return added;
        }
    }

    private static int Hash(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var hash = 17;
        foreach (var label in labels) hash = hash * 31 + (label.Value?.GetHashCode() ?? 0);
        return hash ^ (hash >> 16);
    }

    private static IReadOnlyList<double> FindBoundaries(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } advised } => advised,
        Histogram<long> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised.Select(static boundary => (double)boundary)],
        _ => UsualBoundaries,
    };
}
