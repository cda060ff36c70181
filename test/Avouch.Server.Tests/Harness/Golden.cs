using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Avouch.Server.Tests.Harness;

/// <summary>
/// Compares JSON with a file under <c>Golden/</c>: the exact members and types, whatever their order, with what differs from run to run replaced
/// by a word in brackets.
/// </summary>
internal static partial class Golden
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly (Regex Form, string Word)[] Volatile =
    [
        (IdForm(), "[id]"), (TimeForm(), "[time]"), (AccessTokenForm(), "[access token]"), (RefreshTokenForm(), "[refresh token]"), (DeviceTokenForm(), "[device token]"),
        (KeyForm(), "[256 bits in base64url]"), (LongKeyForm(), "[384 bits in base64url]"), (ModulusForm(), "[3072 bits in base64url]"), (VersionForm(), "[version]"),
    ];

    public static void MustMatchGolden(this JsonElement actual, string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Golden", name + ".json");
        var expected = JsonNode.Parse(File.ReadAllText(path))!;
        Assert.Equal(Sort(expected)!.ToJsonString(Indented), Sort(Replace(JsonNode.Parse(actual.GetRawText())))!.ToJsonString(Indented));
    }

    private static JsonNode? Replace(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Replace(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Replace)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Word(value.GetValue<string>()),
        _ => node?.DeepClone(),
    };

    private static string Word(string text) => Volatile.FirstOrDefault(form => form.Form.IsMatch(text)).Word ?? text;

    private static JsonNode? Sort(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Sort(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sort)]),
        _ => node?.DeepClone(),
    };

    [GeneratedRegex("^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
    private static partial Regex IdForm();

    [GeneratedRegex(@"^2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$")]
    private static partial Regex TimeForm();

    [GeneratedRegex(@"^eyJ[\w-]+\.[\w-]+\.[\w-]+$")]
    private static partial Regex AccessTokenForm();

    [GeneratedRegex(@"^avr_[\w-]+$")]
    private static partial Regex RefreshTokenForm();

    [GeneratedRegex(@"^avd_[\w-]+$")]
    private static partial Regex DeviceTokenForm();

    [GeneratedRegex(@"^[\w-]{43}$")]
    private static partial Regex KeyForm();

    [GeneratedRegex(@"^[\w-]{64}$")]
    private static partial Regex LongKeyForm();

    [GeneratedRegex(@"^[\w-]{512}$")]
    private static partial Regex ModulusForm();

    [GeneratedRegex(@"^\d+\.\d+\.\d+$")]
    private static partial Regex VersionForm();
}
