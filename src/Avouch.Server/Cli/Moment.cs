using System.CommandLine.Parsing;
using System.Globalization;

namespace Avouch.Server.Cli;

/// <summary>A moment in the past as people write one: <c>30m</c>, <c>12h</c>, <c>7d</c> ago, or a date with or without a time, in UTC unless it says otherwise.</summary>
internal sealed record Moment(TimeSpan? Ago, DateTimeOffset? At)
{
    private static readonly string[] Forms = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    public DateTimeOffset Before(DateTimeOffset now) => At ?? now - Ago!.Value;

    /// <summary>For <see cref="System.CommandLine.Option{T}.CustomParser"/>.</summary>
    public static Moment? Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Parse(text) is { } moment) return moment;
        result.AddError($"\"{text}\" is no moment. Use for example 30m, 12h, 7d, 2026-01-31 or 2026-01-31T10:00Z.");
        return null;
    }

    internal static Moment? Parse(string text)
    {
        if (DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) return new Moment(null, at);
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > 100_000) return null;
        return text[^1] switch
        {
            's' => new Moment(TimeSpan.FromSeconds(number), null),
            'm' => new Moment(TimeSpan.FromMinutes(number), null),
            'h' => new Moment(TimeSpan.FromHours(number), null),
            'd' => new Moment(TimeSpan.FromDays(number), null),
            _ => null,
        };
    }
}
