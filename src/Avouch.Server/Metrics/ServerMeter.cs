using System.Diagnostics.Metrics;

namespace Avouch.Server.Metrics;

/// <summary>What an instrument measures, for the document and for whoever writes it down.</summary>
/// <param name="Labels">The names of its labels. Their values come from the code alone: nobody can make new ones by asking.</param>
internal sealed record MetricDescription(Instrument Instrument, IReadOnlyList<string> Labels);

/// <summary>
/// The instruments of one server (docs/metrics.md). One set feeds both <c>/metrics</c> and the export by OTLP. Nouns count here with one line each; what
/// can be read from a noun at any time is read by <see cref="ServerGauges"/>.
/// </summary>
internal sealed class ServerMeter : IDisposable
{
    public const string Name = "Avouch";

    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };
    private static readonly InstrumentAdvice<long> Sizes = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] };

    private readonly List<MetricDescription> descriptions = [];

    public ServerMeter()
    {
        Meter = new Meter(new MeterOptions(Name) { Version = Product.Version, Scope = this });
        SignIns = Counter("avouch.sign_ins", "{sign_in}", "Sign-ins by password, by how they went.", "result");
        Refreshes = Counter("avouch.refreshes", "{refresh}", "Refresh tokens presented: fresh, repeat (inside the grace), replayed (the session ends), or why they were refused.", "result");
        Refusals = Counter("avouch.refusals", "{answer}", "Answers that are problem documents, by their code.", "code");
        SessionsStarted = Counter("avouch.sessions.started", "{session}", "Sessions that began.");
        SessionsEnded = Counter("avouch.sessions.ended", "{session}", "Sessions that were ended, by why. Those that only ran out are not among them.", "reason");
        JournalRows = Counter("avouch.journal.rows", "{row}", "Rows written to the journal since the start, by kind.", "kind");
        BatchesLost = Counter("avouch.database.batches.lost", "{batch}", "Transactions of the writer that could not be committed.");
        BatchWrites = Describe(Meter.CreateHistogram("avouch.database.batch.writes", "{write}", "Writes that one transaction of the writer committed together.", null, Sizes));
        BatchDuration = Describe(Meter.CreateHistogram("avouch.database.batch.duration", "s", "Time of one transaction of the writer, with its sync.", null, Seconds));
        RequestDuration = Describe(Meter.CreateHistogram("avouch.http.request.duration", "s", "Time from a route's begin to the end of its answer, by route, method and class of status.", null, Seconds), "route", "method", "status");
    }

    public Meter Meter { get; }

    public Counter<long> SignIns { get; }

    public Counter<long> Refreshes { get; }

    public Counter<long> Refusals { get; }

    public Counter<long> SessionsStarted { get; }

    public Counter<long> SessionsEnded { get; }

    public Counter<long> JournalRows { get; }

    public Counter<long> BatchesLost { get; }

    public Histogram<long> BatchWrites { get; }

    public Histogram<double> BatchDuration { get; }

    public Histogram<double> RequestDuration { get; }

    public IReadOnlyList<MetricDescription> Descriptions => descriptions;

    /// <summary>Adds what can be read at any time. The reading happens at each scrape: it must cost next to nothing, and never ask the database.</summary>
    public void AddGauge<T>(string name, string unit, string description, Func<IEnumerable<Measurement<T>>> read, params string[] labels) where T : struct =>
        Describe(Meter.CreateObservableGauge(name, read, unit, description), labels);

    /// <inheritdoc cref="AddGauge"/>
    public void AddCounter<T>(string name, string unit, string description, Func<IEnumerable<Measurement<T>>> read, params string[] labels) where T : struct =>
        Describe(Meter.CreateObservableCounter(name, read, unit, description), labels);

    public void Dispose() => Meter.Dispose();

    private Counter<long> Counter(string name, string unit, string description, params string[] labels) =>
        Describe(Meter.CreateCounter<long>(name, unit, description), labels);

    private T Describe<T>(T instrument, params string[] labels) where T : Instrument
    {
        descriptions.Add(new MetricDescription(instrument, labels));
        return instrument;
    }
}
