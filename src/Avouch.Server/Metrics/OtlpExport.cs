using Avouch.Server.Settings;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Avouch.Server.Metrics;

/// <summary>
/// Sends the metrics of this server and of the .NET runtime to a collector (OTLP over HTTP, protobuf), where <c>AVOUCH_OTLP_ENDPOINT</c> names one. Certificates,
/// further headers and resource attributes come from OpenTelemetry's own environment variables.
/// </summary>
internal sealed class OtlpExport(MetricsSettings settings, ServerMeter meter) : IHostedService, IDisposable
{
    private const int LongestGoodbye = 2000;   // milliseconds; a collector that is gone does not hold up the end

    private MeterProvider? provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.OtlpEndpoint is not { } endpoint) return Task.CompletedTask;
        provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(static resource => resource.AddService(Product.Name.ToLowerInvariant(), serviceVersion: Product.Version))
            .AddMeter(meter.Meter.Name)
            .AddMeter("System.Runtime")
            .AddOtlpExporter((exporter, reader) =>
            {
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                exporter.Endpoint = new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)settings.OtlpInterval.TotalMilliseconds;
            })
            .Build();
        return Task.CompletedTask;
    }

    /// <summary>The last figures are sent before the end.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        provider?.Shutdown(LongestGoodbye);
        return Task.CompletedTask;
    }

    public void Dispose() => provider?.Dispose();
}
