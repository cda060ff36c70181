using System.Globalization;

namespace Avouch.Server.Pages.Parts;

/// <summary>Where things stand in a picture of <see cref="Width"/> by <see cref="Height"/>, which the page stretches to the room that there is.</summary>
/// <param name="Count">How many moments there are.</param>
/// <param name="Step">Between two lines of the grid.</param>
internal sealed record ChartScale(int Count, long Step)
{
    public const int Width = 1000;
    public const int Height = 200;
    public const int Steps = 4;

    /// <summary>A scale that ends at a round number not far above the highest value.</summary>
    public static ChartScale For(int count, long highest)
    {
        long step = 1;
        for (long power = 1; step * Steps < highest; power *= 10)
            foreach (var factor in (long[])[1, 2, 5])
                if ((step = factor * power) * Steps >= highest) break;
        return new ChartScale(count, step);
    }

    /// <summary>From the top to the bottom.</summary>
    public IEnumerable<long> Lines => Enumerable.Range(0, Steps + 1).Select(line => Step * (Steps - line));

    public string Y(long value) => Write(Height - (double)value / (Step * Steps) * Height);

    /// <summary>A line through all values, from edge to edge.</summary>
    public string Points(IReadOnlyList<long> values) =>
        string.Join(' ', values.Select((value, i) => $"{Write(values.Count == 1 ? 0 : (double)i / (values.Count - 1) * Width)},{Y(value)}"));

    public string SlotX(int i, double inset) => Write((i + inset) * Width / Count);

    public string SlotWidth(double share) => Write(share * Width / Count);

    public string BarHeight(long value) => Write((double)value / (Step * Steps) * Height);

    private static string Write(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
