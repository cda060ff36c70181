namespace Avouch.Server.Settings;

/// <summary>What a file of settings says: the values, the line of each, and what in it cannot be read as a setting at all.</summary>
internal sealed record SettingsFile(IReadOnlyDictionary<string, string> Values, IReadOnlyDictionary<string, int> Lines, IReadOnlyList<StrayLine> Strays)
{
    public static readonly SettingsFile Empty = Of(new Dictionary<string, string>());

    /// <summary>Values that stand in no file.</summary>
    public static SettingsFile Of(IReadOnlyDictionary<string, string> values) => new(values, new Dictionary<string, int>(), []);
}

/// <summary>A line that sets nothing although somebody meant it to.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Subject">What it is called; never a value, which may be a secret.</param>
/// <param name="Reason">Why it sets nothing and how it is written right, as the rest of a sentence.</param>
internal sealed record StrayLine(int Number, string Subject, string Reason);
