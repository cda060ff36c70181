using System.Globalization;
using System.Text.RegularExpressions;

namespace Avouch.Server.Tests.Metrics;

/// <summary>One metric as it was read: its type and every line of it.</summary>
internal sealed record Family(string Name, string Type, string Help)
{
    /// <summary>By name and labels as they stand in the text.</summary>
    public Dictionary<string, double> Samples { get; } = [];
}

/// <summary>
/// A strict reader of the text format of Prometheus 0.0.4: it accepts what the format says a program should write, and nothing that a lenient scraper
/// would forgive.
/// </summary>
internal sealed partial class Exposition
{
    private readonly Dictionary<string, Family> families = [];

    private Exposition()
    {
    }

    public IReadOnlyDictionary<string, Family> Families => families;

    public static Exposition Parse(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
        var read = new Exposition();
        Family? current = null;
        var lines = text[..^1].Split('\n');
        for (var i = 0; i < lines.Length; i++)
            if (lines[i].StartsWith("# HELP ", StringComparison.Ordinal)) current = read.Begin(lines[i], lines[++i]);
            else Read(current ?? throw new FormatException($"A value before the first metric: {lines[i]}"), lines[i]);
        foreach (var histogram in read.families.Values.Where(family => family.Type == "histogram")) CheckHistogram(histogram);
        return read;
    }

    /// <summary>The value of one line; 0 where there is none, as a counter that has not begun.</summary>
    public double Value(string sample) => families.Values.SelectMany(family => family.Samples).FirstOrDefault(pair => pair.Key == sample).Value;

    public IEnumerable<string> Labels(string family) =>
        families[family].Samples.Keys.SelectMany(sample => Label().Matches(sample).Select(match => match.Groups["name"].Value)).Where(name => name != "le").Distinct();

    private Family Begin(string help, string type)
    {
        var (first, second) = (Help().Match(help), Type().Match(type));
        Assert.True(first.Success, help);
        Assert.True(second.Success, type);
        var name = first.Groups["name"].Value;
        Assert.Equal(name, second.Groups["name"].Value);
        var family = new Family(name, second.Groups["type"].Value, first.Groups["text"].Value);
        Assert.Equal(family.Type == "counter", name.EndsWith("_total", StringComparison.Ordinal));
        families.Add(name, family);   // throws where a metric comes twice
        return family;
    }

    private static void Read(Family family, string line)
    {
        var match = Sample().Match(line);
        Assert.True(match.Success, line);
        string[] names = family.Type == "histogram" ? [family.Name + "_bucket", family.Name + "_sum", family.Name + "_count"] : [family.Name];
        Assert.Contains(match.Groups["name"].Value, names);
        var labels = Label().Matches(match.Groups["labels"].Value).Select(label => label.Groups["name"].Value).ToList();
        Assert.Equal(labels.Count, labels.Distinct().Count());
        family.Samples.Add(line[..line.LastIndexOf(' ')], Number(match.Groups["value"].Value));   // throws where a series comes twice
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    /// <summary>Each series of buckets rises, ends with +Inf, and that one is the count.</summary>
    private static void CheckHistogram(Family family)
    {
        var series = family.Samples.Where(sample => sample.Key.StartsWith(family.Name + "_bucket{", StringComparison.Ordinal))
            .GroupBy(sample => Boundary().Replace(sample.Key, ""));
        foreach (var buckets in series)
        {
            var boundaries = buckets.Select(bucket => Number(Boundary().Match(bucket.Key).Groups["le"].Value)).ToList();
            Assert.Equal(boundaries.Order(), boundaries);
            Assert.Equal(double.PositiveInfinity, boundaries[^1]);
            Assert.Equal(buckets.Select(bucket => bucket.Value).Order(), buckets.Select(bucket => bucket.Value));
            var labels = buckets.Key[(family.Name.Length + "_bucket".Length)..] is "{}" or "" ? "" : buckets.Key[(family.Name.Length + "_bucket".Length)..];
            Assert.Equal(buckets.Last().Value, family.Samples[$"{family.Name}_count{labels}"]);
            Assert.True(family.Samples.ContainsKey($"{family.Name}_sum{labels}"));
        }
    }

    [GeneratedRegex(@"^# HELP (?<name>[a-z_:][a-z0-9_:]*) (?<text>([^\\\n]|\\\\|\\n)+)$")]
    private static partial Regex Help();

    [GeneratedRegex("^# TYPE (?<name>[a-z_:][a-z0-9_:]*) (?<type>counter|gauge|histogram)$")]
    private static partial Regex Type();

    [GeneratedRegex("""^(?<name>[a-z_:][a-z0-9_:]*)(\{(?<labels>[a-z_][a-z0-9_]*="([^"\\\n]|\\\\|\\n|\\")*"(,[a-z_][a-z0-9_]*="([^"\\\n]|\\\\|\\n|\\")*")*)\})? (?<value>[+-]Inf|NaN|-?[0-9]+(\.[0-9]+)?(E[+-]?[0-9]+)?)$""")]
    private static partial Regex Sample();

    [GeneratedRegex("""(?<name>[a-z_][a-z0-9_]*)="([^"\\\n]|\\\\|\\n|\\")*""")]
    private static partial Regex Label();

    [GeneratedRegex(",?le=\"(?<le>[^\"]+)\"")]
    private static partial Regex Boundary();
}
