using System.Globalization;
using System.Text;
using Avouch.Server.Metrics;

namespace Avouch.Server.Tests.House.Documents;

/// <summary>docs/metrics.md: every instrument, as it describes itself.</summary>
internal static class MetricsDocument
{
    private const string Introduction =
        """
        # Metrics

        Made by `eng/documents` from the instruments themselves. Do not edit.

        `GET /metrics` gives them in the text format of Prometheus (0.0.4). Who may read them is set by `AVOUCH_METRICS` and `AVOUCH_METRICS_TOKEN`
        ([settings](configuration.md), [decision 71](decisions/0071-one-set-of-instruments.md)):

        ```yaml
        scrape_configs:
          - job_name: avouch
            authorization: { credentials_file: /etc/prometheus/avouch-token }   # not needed on the same machine
            static_configs: [{ targets: ["localhost:8080"] }]
        ```

        With `AVOUCH_OTLP_ENDPOINT` the same instruments are sent to an OpenTelemetry collector, under the names in the last column. Beside them go those of the
        .NET runtime (`dotnet_…`, [described by Microsoft](https://learn.microsoft.com/dotnet/core/diagnostics/built-in-metrics-runtime)). Traces and logs are not sent.

        Values of labels come from the code alone (routes as they are mapped, codes of errors, kinds of the journal): nobody makes a series by asking. Counters
        begin at 0 with each start.

        | metric | type | labels | meaning | name in OTLP |
        | --- | --- | --- | --- | --- |

        """;

    public static string Write(ServerMeter meter)
    {
        var text = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        foreach (var (instrument, labels) in meter.Descriptions.OrderBy(description => description.Instrument.Name, StringComparer.Ordinal))
        {
            var family = new MetricFamily(instrument);
            text.Append(CultureInfo.InvariantCulture, $"| `{PrometheusText.NameOf(family)}` | {PrometheusText.TypeOf(family.Kind)} | {string.Join(", ", labels.Select(label => $"`{label}`"))} | {instrument.Description} | `{instrument.Name}` |\n");
        }
        return text.ToString();
    }
}
