using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Avouch.Server.Http;

/// <summary>
/// Reads the query of a URL and collects every fault. A name that is not known is refused: a filter that was misspelt and left out in silence would
/// show everything.
/// </summary>
internal sealed class QueryReader(IQueryCollection query)
{
    /// <summary>A sealed cursor of the longest address has room in it.</summary>
    private const int MaxLength = 2048;

    private readonly HashSet<string> known = [];

    public Dictionary<string, string[]> Errors { get; } = [];

    /// <summary>Nothing where it is left out or empty.</summary>
    public string? Text(string name)
    {
        known.Add(name);
        if (!query.TryGetValue(name, out var values) || StringValues.IsNullOrEmpty(values)) return null;
        if (values is [{ Length: <= MaxLength } value]) return value;
        return Fault(name, values.Count > 1 ? "This stands in the URL more than once." : "This is too long.");
    }

    public bool? Flag(string name) => Text(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        _ => FaultOf<bool>(name, "Use true or false."),
    };

    public int Number(string name, int fallback, int min, int max)
    {
        if (Text(name) is not { } text) return fallback;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max) return number;
        Fault(name, $"Use a whole number from {min} to {max}.");
        return fallback;
    }

    public long? Position(string name) => Text(name) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : FaultOf<long>(name, "Use the number of a row.");

    public Guid? Id(string name) => Text(name) is not { } text ? null : Guid.TryParseExact(text, "D", out var id) ? id : FaultOf<Guid>(name, "Use an id.");

    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text) return null;
        var time = DateTimeOffset.MinValue;
        var isRead = text.Length >= 10 && char.IsAsciiDigit(text[0])
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
        return isRead && time >= DateTimeOffset.UnixEpoch ? time : FaultOf<DateTimeOffset>(name, "Use a time such as 2026-01-31T10:00:00Z.");
    }

    /// <summary>To be called last.</summary>
    public Problem? RefuseFaults()
    {
        foreach (var name in query.Keys.Where(name => !known.Contains(name))) Fault(RequestBody.IsName(name) ? name : "other", "There is no such parameter here.");
        return Errors.Count > 0 ? Problems.Invalid(Errors) : null;
    }

    public string? Fault(string name, string sentence)
    {
        Errors[name] = [sentence];
        return null;
    }

    private T? FaultOf<T>(string name, string sentence) where T : struct
    {
        Fault(name, sentence);
        return null;
    }
}
