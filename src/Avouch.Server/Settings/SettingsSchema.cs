using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Avouch.Server.Settings;

/// <summary>The JSON Schema (2020-12) of <c>appsettings.json</c>, made of what the settings say about themselves when they are read.</summary>
internal static class SettingsSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write() => new JsonObject
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["title"] = $"Settings of {Product.Name}",
        ["description"] = "All settings of appsettings.json. The same names work as environment variables, in .env and with --set.",
        ["type"] = "object",
        ["properties"] = Properties(),
        ["additionalProperties"] = false,
    }.ToJsonString(Indented).ReplaceLineEndings("\n");

    /// <summary>Every setting there is, at its default.</summary>
    public static IReadOnlyList<SettingInForce> All() => AvouchSettings.Read(new SettingsSource()).Settings!.InForce;

    private static JsonObject Properties()
    {
        var properties = new JsonObject { ["$schema"] = new JsonObject { ["type"] = "string" } };
        foreach (var setting in All())
        {
            properties[setting.Name] = Property(setting);
            if (setting.Form.Kind == SettingKind.Secret)
                properties[setting.Name + SettingsReader.FileSuffix] = new JsonObject { ["type"] = "string", ["description"] = $"A file that holds {setting.Name}." };
        }
        return properties;
    }

    private static JsonObject Property(SettingInForce setting)
    {
        var property = Type(setting.Form);
        property["description"] = $"{setting.Description} Default: {setting.Default}.";
        if (setting.Form.FallbackWords is null && Default(setting) is { } value) property["default"] = value;
        return property;
    }

    private static JsonObject Type(SettingForm form) => form.Kind switch
    {
        SettingKind.Number => new JsonObject { ["type"] = "integer", ["minimum"] = form.Min, ["maximum"] = form.Max },
        SettingKind.Flag => new JsonObject { ["type"] = "boolean" },
        SettingKind.Choice => new JsonObject { ["enum"] = new JsonArray([.. form.Choices.Select(choice => JsonValue.Create(choice))]) },
        _ => new JsonObject { ["type"] = "string" },
    };

    private static JsonNode? Default(SettingInForce setting) => setting.Form.Kind switch
    {
        SettingKind.Number => int.Parse(setting.Default, System.Globalization.CultureInfo.InvariantCulture),
        SettingKind.Flag => bool.Parse(setting.Default),
        SettingKind.Choice => setting.Default,
        _ => null,
    };
}
