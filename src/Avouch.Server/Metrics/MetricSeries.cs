namespace Avouch.Server.Metrics;

/// <summary>One line of a metric, or with a histogram a group of lines: the values of its labels and what was measured. Any thread may record.</summary>
internal sealed class MetricSeries(KeyValuePair<string, object?>[] labels, int hash, IReadOnlyList<double> boundaries, MetricSeries? next)
{
    private readonly double[] boundaries = [.. boundaries];
    private readonly long[] counts = new long[boundaries.Count + 1];
    private double value;

    public IReadOnlyList<KeyValuePair<string, object?>> Labels => labels;

    /// <summary>The next one with the same place in the table.</summary>
    public MetricSeries? Next => next;

    /// <summary>The value of a counter or gauge; the sum of a histogram.</summary>
    public double Value => Volatile.Read(ref value);

    /// <summary>Whether the noun behind it told a value at the last look.</summary>
    public bool IsCurrent { get; set; } = true;

    public IReadOnlyList<double> Boundaries => boundaries;

    /// <summary>How often a value fell into each bucket; the last one is beyond every boundary.</summary>
    public long[] Counts() => [.. counts.Select((_, index) => Volatile.Read(ref counts[index]))];

    public bool Is(ReadOnlySpan<KeyValuePair<string, object?>> other, int otherHash)
    {
        if (hash != otherHash || labels.Length != other.Length) return false;
        for (var i = 0; i < labels.Length; i++)
            if (labels[i].Key != other[i].Key || !Equals(labels[i].Value, other[i].Value))
                return false;
        return true;
    }

    public void Set(double measured)
    {
        Volatile.Write(ref value, measured);
        IsCurrent = true;
    }

    public void Add(double measured)
    {
        for (double before = Volatile.Read(ref value), seen; ; before = seen)
            if ((seen = Interlocked.CompareExchange(ref value, before + measured, before)).Equals(before))
                return;
    }

    public void Observe(double measured)
    {
        var bucket = 0;
        while (bucket < boundaries.Length && measured > boundaries[bucket]) bucket++;
        Interlocked.Increment(ref counts[bucket]);
        Add(measured);
    }
}
