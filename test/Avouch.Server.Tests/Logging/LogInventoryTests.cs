using System.Text.RegularExpressions;
using Avouch.Server.Tests.House;

namespace Avouch.Server.Tests.Logging;

/// <summary>Keeps docs/logging.md: what is logged, and that it goes nowhere else.</summary>
public sealed partial class LogInventoryTests
{
    private static readonly List<(string File, string Attribute, string Method)> Logged =
    [
        .. Repository.Sources("src/Avouch.Server").SelectMany(file => Message().Matches(Repository.Read(file)).Select(match => (file, match.Groups["attribute"].Value, match.Groups["method"].Value))),
    ];

    [Fact]
    [Trait("ASVS", "16.1.1")]
    public void Every_event_is_in_the_inventory_with_its_level_and_fields()
    {
        var rows = Row().Matches(Repository.Read("docs/logging.md")).ToDictionary(match => match.Groups["event"].Value, match => (Level: match.Groups["level"].Value, Fields: match.Groups["fields"].Value));

        Assert.Equal(Logged.Select(one => Name().Match(one.Attribute).Groups[1].Value).Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        foreach (var (_, attribute, method) in Logged)
        {
            var (level, fields) = rows[Name().Match(attribute).Groups[1].Value];
            Assert.Equal(Level().Match(attribute).Groups[1].Value.ToLowerInvariant().Replace("information", "info", StringComparison.Ordinal), level);
            Assert.All(Placeholder().Matches(attribute), match => Assert.Contains($"`{System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(match.Groups[1].Value)}`", fields, StringComparison.Ordinal));
            Assert.Equal(method.Contains("Exception", StringComparison.Ordinal) && level == "error", fields.Contains("exception", StringComparison.Ordinal));
        }
    }

    [Fact]
    [Trait("ASVS", "16.2.3")]
    public void There_is_one_way_out_for_the_log_and_one_for_the_figures()
    {
        var files = Repository.Sources("src").Where(file => WayOut().IsMatch(Repository.Read(file))).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

        Assert.Equal(["Logs.cs", "OtlpExport.cs"], files);
    }

    [GeneratedRegex(@"\[LoggerMessage\((?<attribute>[^\n]+)\)\]\s+public static partial void (?<method>[^\n]+);")]
    private static partial Regex Message();

    [GeneratedRegex("EventName = \"([^\"]+)\"")]
    private static partial Regex Name();

    [GeneratedRegex(@"LogLevel\.(\w+)")]
    private static partial Regex Level();

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^\| `(?<event>[a-z_.]+)` \| (?<level>info|warning|error) \|(?<fields>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\.(AddConsole|AddSimpleConsole|AddJsonConsole|AddDebug|AddEventLog|AddEventSourceLogger|AddProvider|AddOtlpExporter|AddOpenTelemetry)\(")]
    private static partial Regex WayOut();
}
