using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Avouch.Server.Metrics;

/// <summary>
/// Listens to the instruments of this server and of the .NET runtime, and keeps what they measured. No exporter package for Prometheus comes with
/// OpenTelemetry's stable ones (decision 71), and this is all that it would do.
/// </summary>
internal sealed class MetricStore : IDisposable
{
    private const string Runtime = "System.Runtime";

    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<Instrument, MetricFamily> families = new();
    private readonly Lock scraping = new();

    public MetricStore(ServerMeter meter)
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter == meter.Meter || instrument.Meter.Name == Runtime) listening.EnableMeasurementEvents(instrument, families.GetOrAdd(instrument, static made => new MetricFamily(made)));
        };
        listener.SetMeasurementEventCallback<long>(static (_, measured, labels, family) => ((MetricFamily)family!).Record(measured, labels));
        listener.SetMeasurementEventCallback<int>(static (_, measured, labels, family) => ((MetricFamily)family!).Record(measured, labels));
        listener.SetMeasurementEventCallback<double>(static (_, measured, labels, family) => ((MetricFamily)family!).Record(measured, labels));
        listener.Start();
    }

    /// <summary>Everything as it is now, in the text format of Prometheus.</summary>
    public string Write()
    {
        lock (scraping)
        {
            foreach (var family in families.Values) family.Forget();
            listener.RecordObservableInstruments();
            var text = new PrometheusText();
            foreach (var family in families.Values.OrderBy(static family => family.Instrument.Name, StringComparer.Ordinal)) text.Add(family);
            return text.ToString();
        }
    }

    public void Dispose() => listener.Dispose();
}
