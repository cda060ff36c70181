using System.Diagnostics.Metrics;
using System.Text.Json;

namespace Avouch.Server.Metrics;

/// <summary>The values of an enumeration as labels: <c>user_shut_out</c>.</summary>
internal static class Words<T> where T : struct, Enum
{
    private static readonly Dictionary<T, string> Known = Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

    public static string Of(T value) => Known[value];

    public static IEnumerable<string> All => Known.Values;
}

/// <summary>Counting under one label.</summary>
internal static class CounterExtensions
{
    public static void Count(this Counter<long> counter, string label, string value) => counter.Add(1, new KeyValuePair<string, object?>(label, value));

    /// <summary>Makes a series exist before anything happened: a rate needs a beginning.</summary>
    public static void Begin(this Counter<long> counter, string label, IEnumerable<string> values)
    {
        foreach (var value in values) counter.Add(0, new KeyValuePair<string, object?>(label, value));
    }
}
