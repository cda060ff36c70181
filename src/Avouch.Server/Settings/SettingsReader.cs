using System.Globalization;

namespace Avouch.Server.Settings;

/// <summary>One setting as it is in force: what <c>avouch settings print</c> shows. A secret's value is never shown.</summary>
internal sealed record SettingInForce(string Name, string Value, string Origin, string Description, string Default, SettingForm Form);

/// <summary>One thing that is wrong with the settings, and what to do about it.</summary>
internal sealed record SettingFault(string Name, string Value, string Reason, string Remedy);

/// <summary>
/// Reads settings one by one, collects every fault instead of stopping at the first, and remembers what it read for <c>settings print</c>.
/// </summary>
internal sealed class SettingsReader(SettingsSource source)
{
    public const string FileSuffix = "_FILE";

    public List<SettingInForce> InForce { get; } = [];

    public List<SettingFault> Faults { get; } = [];

    public string Text(string name, string description, string fallback) =>
        Read(name, description, fallback, new SettingForm(SettingKind.Text), value => value);

    public string? TextOrNull(string name, string description, string whenUnset = "not set") =>
        ReadOrNull(name, description, whenUnset, secret: false);

    /// <summary>A secret, given directly or as the name of a file that holds it (<c>…_FILE</c>).</summary>
    public string? Secret(string name, string description, string whenUnset) =>
        ReadOrNull(name, description, whenUnset, secret: true);

    /// <param name="fallbackWords">What the default is called where it depends on the machine.</param>
    public int Number(string name, string description, int fallback, int min, int max, string? fallbackWords = null) =>
        Read(name, description, fallback, new SettingForm(SettingKind.Number) { Min = min, Max = max, FallbackWords = fallbackWords }, value =>
        {
            if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max) return number;
            Fault(name, value, "is not a whole number in the range", $"Use a whole number from {min} to {max}, or leave it out for {fallback}.");
            return fallback;
        });

    /// <param name="fallbackWords">What the default is called where it depends on another setting.</param>
    public bool Flag(string name, string description, bool fallback, string? fallbackWords = null) =>
        Read(name, description, fallback, new SettingForm(SettingKind.Flag) { FallbackWords = fallbackWords }, value =>
        {
            if (bool.TryParse(value, out var flag)) return flag;
            Fault(name, value, "is neither true nor false", "Use true or false.");
            return fallback;
        });

    /// <summary>One of a few words; the first is the default.</summary>
    public T Choice<T>(string name, string description, params (string Word, T Value)[] choices)
    {
        var words = string.Join(", ", choices.Select(choice => choice.Word));
        var form = new SettingForm(SettingKind.Choice) { Choices = [.. choices.Select(choice => choice.Word)] };
        var chosen = Read(name, description, choices[0].Word, form, value =>
        {
            var found = Array.Find(choices, choice => choice.Word.Equals(value, StringComparison.OrdinalIgnoreCase)).Word;
            if (found is null) Fault(name, value, "is not one of the choices", $"Use one of: {words}.");
            return found ?? choices[0].Word;
        });
        return Array.Find(choices, choice => choice.Word == chosen).Value;
    }

    public void Fault(string name, string value, string reason, string remedy) => Faults.Add(new SettingFault(name, value, reason, remedy));

    private T Read<T>(string name, string description, T fallback, SettingForm form, Func<string, T> parse) where T : notnull
    {
        var found = Find(name);
        var value = found is { } text ? parse(text.Value) : fallback;
        InForce.Add(new SettingInForce(name, Show(value), found?.Origin ?? "default", description, form.FallbackWords ?? Show(fallback), form));
        return value;
    }

    private string? ReadOrNull(string name, string description, string whenUnset, bool secret)
    {
        var found = Find(name);
        var shown = (found, secret) switch
        {
            (null, _) => whenUnset,
            (_, true) => "(secret)",
            _ => found.Value.Value,
        };
        InForce.Add(new SettingInForce(name, shown, found?.Origin ?? "default", description, whenUnset, new SettingForm(secret ? SettingKind.Secret : SettingKind.Text)));
        return found?.Value;
    }

    /// <summary>The value itself, or the content of the file that <c>NAME_FILE</c> names. Both at once is a fault: nobody could tell which one counts.</summary>
    private (string Value, string Origin)? Find(string name)
    {
        var direct = source.Find(name);
        if (source.Find(name + FileSuffix) is not { } file) return direct;
        if (direct is not null)
        {
            Fault(name, "(two values)", $"is given both directly and through {name}{FileSuffix}", "Keep one of the two.");
            return direct;
        }
        try
        {
            return (File.ReadAllText(file.Value).Trim(), $"file {file.Value}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            if (SecretText.IsPath(file.Value)) Fault(name + FileSuffix, file.Value, $"cannot be read ({error.Message})", "Name a file that this user may read.");
            else Fault(name + FileSuffix, "(not shown)", "is not the path of a file that is there, and may be the value itself", $"Put the value into a file and its path here, or give the value as {name}.");
            return null;
        }
    }

    private static string Show<T>(T value) => value switch
    {
        bool flag => flag ? "true" : "false",
        string text => text,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
