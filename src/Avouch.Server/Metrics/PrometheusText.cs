using System.Globalization;
using System.Text;

namespace Avouch.Server.Metrics;

/// <summary>
/// The text format of Prometheus, version 0.0.4: names with their unit, a help line and a type line before the values of each metric. Histograms add up,
/// and end with <c>+Inf</c>.
/// </summary>
internal sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder text = new(16 * 1024);

    /// <summary><c>avouch.http.request.duration</c> in <c>s</c> becomes <c>avouch_http_request_duration_seconds</c>; counters end with <c>_total</c>.</summary>
    public static string NameOf(MetricFamily family)
    {
        var name = Sanitise(family.Instrument.Name);
        var unit = family.Instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        if (!name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
        return family.Kind == MetricKind.Counter ? name + "_total" : name;
    }

    public static string TypeOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };

    public void Add(MetricFamily family)
    {
        var name = NameOf(family);
        text.Append("# HELP ").Append(name).Append(' ').Append(Escape(family.Instrument.Description ?? "").Replace("\\\"", "\"", StringComparison.Ordinal)).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(TypeOf(family.Kind)).Append('\n');
        foreach (var series in family.All().Where(static series => series.IsCurrent).OrderBy(LabelsOf, StringComparer.Ordinal))
            if (family.Kind == MetricKind.Histogram) AddHistogram(name, series);
            else AddLine(name, LabelsOf(series), series.Value);
    }

    public override string ToString() => text.ToString();

    private void AddHistogram(string name, MetricSeries series)
    {
        var (labels, counts) = (LabelsOf(series), series.Counts());
        var before = labels.Length == 0 ? "" : labels + ",";
        long total = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            total += counts[i];
            var boundary = i < series.Boundaries.Count ? Show(series.Boundaries[i]) : "+Inf";
            AddLine(name + "_bucket", $"{before}le=\"{boundary}\"", total);
        }
        AddLine(name + "_sum", labels, series.Value);
        AddLine(name + "_count", labels, total);
    }

    private void AddLine(string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Show(value)).Append('\n');
    }

    private static string LabelsOf(MetricSeries series) =>
        string.Join(',', series.Labels.Select(static label => $"{Sanitise(label.Key)}=\"{Escape(Convert.ToString(label.Value, CultureInfo.InvariantCulture) ?? "")}\""));

    private static string Sanitise(string name) => string.Concat(name.Select(static letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string Show(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
