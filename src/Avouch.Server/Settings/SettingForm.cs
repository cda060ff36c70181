using System.Globalization;

namespace Avouch.Server.Settings;

internal enum SettingKind
{
    Text,
    Number,
    Flag,
    Choice,

    /// <summary>Never shown; may also come from a file, through the name with <c>_FILE</c> behind it.</summary>
    Secret,
}

/// <summary>What a value of a setting may look like.</summary>
internal sealed record SettingForm(SettingKind Kind)
{
    public int? Min { get; init; }

    public int? Max { get; init; }

    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>What the default is called where it depends on the machine or on another setting.</summary>
    public string? FallbackWords { get; init; }

    /// <summary>In words; empty where anything goes.</summary>
    public string Range => Kind switch
    {
        SettingKind.Number => string.Create(CultureInfo.InvariantCulture, $"{Min} to {Max}"),
        SettingKind.Flag => "true or false",
        SettingKind.Choice => string.Join(", ", Choices),
        _ => "",
    };
}
