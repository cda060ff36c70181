using System.Globalization;

namespace Avouch.Load;

/// <summary>What every part needs: the programs, a folder on the disk under test, how long to measure, and where results go.</summary>
internal sealed record Stage(string Server, string Baseline, string Folder, bool IsQuick, string Parts)
{
    private readonly List<string> rows = [];

    public int Pairs => IsQuick ? 3 : 5;

    public double Seconds => IsQuick ? 1 : 4;

    public IReadOnlyList<string> Rows => rows;

    public bool Has(char part) => Parts.Contains(part, StringComparison.Ordinal);

    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Both orders in turn, so that neither side always runs on a warmer or a busier machine.</summary>
    public async Task Alternate(string what, Func<Task> ours, Func<Task> other)
    {
        for (var pair = 1; pair <= Pairs; pair++)
        {
            Console.Error.WriteLine($"  {what}: pair {pair} of {Pairs}");
            await (pair % 2 == 1 ? ours : other)();
            await (pair % 2 == 1 ? other : ours)();
        }
    }

    /// <summary>A goal beside its result.</summary>
    public void Goal(string what, string goal, string result, bool isMet, FormattableString details) =>
        Row($"| {what} | {goal} | {result} | {(isMet ? "yes" : "**no**")} | {details.ToString(CultureInfo.InvariantCulture)} |");

    /// <summary>A figure without a goal.</summary>
    public void Figure(string what, string result, FormattableString details) =>
        Row($"| {what} | | {result} | | {details.ToString(CultureInfo.InvariantCulture)} |");

    private void Row(string row)
    {
        rows.Add(row);
        Console.Error.WriteLine(row);
    }

    public static string Show(double value, string format = "0.00") => value.ToString(format, CultureInfo.InvariantCulture);
}
