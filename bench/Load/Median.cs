namespace Avouch.Load;

/// <summary>The middle of several measurements, and how far apart they were.</summary>
internal sealed class Median
{
    private readonly List<double> values = [];

    public double Value => values.Order().ElementAt(values.Count / 2);

    public void Add(double value) => values.Add(value);

    /// <summary>Least and greatest, for the reader who wonders how much to believe.</summary>
    public string Range(string format) =>
        values.Min().ToString(format, System.Globalization.CultureInfo.InvariantCulture) + "–" + values.Max().ToString(format, System.Globalization.CultureInfo.InvariantCulture);
}
