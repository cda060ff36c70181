using System.Text.RegularExpressions;

namespace Avouch.Server.Settings;

/// <summary>
/// Names that somebody set and that are no settings. On the command line they are faults, since nobody else can be meant by them; elsewhere they warn:
/// an older file must not stop a newer version.
/// </summary>
internal static partial class UnknownSettings
{
    private const int MaxDistance = 3;

    /// <summary>Every name on the command line that is no setting, as a fault.</summary>
    public static void Refuse(SettingsReader reader, SettingsSource source)
    {
        foreach (var (name, _) in source.Names(SettingsSource.CommandLine).Where(one => !IsKnown(one.Name, reader.InForce)))
            reader.Fault(name, "(not shown)", "is not a setting of this version", (Suggest(name, reader.InForce) is { } best ? $"Did you mean {best}? " : "") + "This shows them all: avouch settings print");
    }

    /// <summary>What in files and in the environment sets nothing although it looks as if it should.</summary>
    public static IEnumerable<string> Warn(SettingsSource source, IReadOnlyList<SettingInForce> known)
    {
        foreach (var (place, stray) in source.Strays()) yield return $"{place}: {stray.Subject} {stray.Reason}";
        foreach (var (name, place) in source.Names().Where(one => !IsKnown(one.Name, known)))
            if (Suggest(name, known) is { } best) yield return $"{name} ({place}) is not a setting of this version; did you mean {best}?";
            else if (name.StartsWith(SettingsSource.Prefix, StringComparison.Ordinal)) yield return $"{name} ({place}) is not a setting of this version.";
            else if (place.StartsWith(SettingsSource.Json, StringComparison.Ordinal)) yield return $"{name} ({place}) is not read: the names of settings begin with {SettingsSource.Prefix}.";
    }

    /// <summary>A name of another style (<c>Avouch:SessionsPerUser</c>, <c>sessions-per-user</c>) in ours.</summary>
    public static string Normalise(string name)
    {
        var text = Separator().Replace(Hump().Replace(name, "$1_$2"), "_").ToUpperInvariant();
        return text.StartsWith(SettingsSource.Prefix, StringComparison.Ordinal) ? text : SettingsSource.Prefix + text;
    }

    private static bool IsKnown(string name, IReadOnlyList<SettingInForce> known) =>
        name == "$schema" || known.Any(setting => name == setting.Name || name == setting.Name + SettingsReader.FileSuffix);

    /// <summary>Without our prefix only the very name counts: a .env file may serve other programs too.</summary>
    private static string? Suggest(string name, IReadOnlyList<SettingInForce> known)
    {
        var meant = Normalise(name);
        if (IsKnown(meant, known)) return meant;
        if (!name.StartsWith(SettingsSource.Prefix, StringComparison.Ordinal)) return null;
        var suffix = name.EndsWith(SettingsReader.FileSuffix, StringComparison.Ordinal) ? SettingsReader.FileSuffix : "";
        var best = known.MinBy(setting => Distance(name, setting.Name + suffix));
        return best is not null && Distance(name, best.Name + suffix) <= MaxDistance ? best.Name + suffix : null;
    }

    /// <summary>How many letters have to be put in, left out or changed to come from one word to the other (Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var (diagonal, _) = (row[0], row[0] = i);
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = left[i - 1] == right[j - 1] ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + cost));
            }
        }
        return row[^1];
    }

    [GeneratedRegex("([a-z0-9])([A-Z])")]
    private static partial Regex Hump();

    [GeneratedRegex("[:.-]+|__+")]
    private static partial Regex Separator();
}
