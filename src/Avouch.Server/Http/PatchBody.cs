using System.Text.Json;
using System.Text.Json.Serialization;
using Avouch.Server.Users;

namespace Avouch.Server.Http;

/// <summary>
/// The body of a PATCH (RFC 7396): what is left out stays, null clears. Every member has to be one that may be changed; anything else is refused by
/// name, so that nobody believes a role or a status changed that did not.
/// </summary>
internal sealed class PatchBody(Dictionary<string, JsonElement> members)
{
    private readonly HashSet<string> known = [];

    public Dictionary<string, string[]> Errors { get; } = [];

    public static async Task<Body<PatchBody>> Read(HttpContext http)
    {
        var (members, problem) = await RequestBody.ReadJson(http, PatchJson.Default.DictionaryStringJsonElement);
        return members is null ? new(null, problem) : new(new PatchBody(members), null);
    }

    /// <summary>Whether something was sent, and nothing but these.</summary>
    public bool IsOnly(params ReadOnlySpan<string> names)
    {
        foreach (var name in members.Keys)
            if (!names.Contains(name)) return false;
        return members.Count > 0;
    }

    public bool IsGiven(string name) => members.ContainsKey(name);

    /// <param name="check">What is wrong with the trimmed text, or nothing.</param>
    /// <param name="canClear">Whether null and the empty text are allowed.</param>
    public Given<string?> Text(string name, Func<string, string?> check, bool canClear)
    {
        known.Add(name);
        if (!members.TryGetValue(name, out var value)) return default;
        if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null)) return Fault<string?>(name, "This has the wrong type.");
        if (value.ValueKind == JsonValueKind.String && Unescape(value) is null) return Fault<string?>(name, "This is no text.");
        var text = value.ValueKind == JsonValueKind.Null ? null : Unescape(value)!.Trim();
        if (string.IsNullOrEmpty(text)) return canClear ? Given<string?>.Of(null) : Fault<string?>(name, "This cannot be cleared.");
        return check(text) is { } sentence ? Fault<string?>(name, sentence) : Given<string?>.Of(text);
    }

    public bool? Flag(string name)
    {
        known.Add(name);
        if (!members.TryGetValue(name, out var value)) return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Fault<bool>(name, "Use true or false.");
        return null;
    }

    /// <summary>A list of texts; nothing where it is left out or refused.</summary>
    public IReadOnlyList<string>? Texts(string name)
    {
        known.Add(name);
        if (!members.TryGetValue(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String && Unescape(item) is not null))
            return [.. value.EnumerateArray().Select(item => Unescape(item)!)];
        Fault<string>(name, "Use a list of texts.");
        return null;
    }

    /// <summary>To be called last.</summary>
    /// <param name="explain">Why a member that is not known cannot be changed here.</param>
    public Problem? RefuseFaults(Func<string, string> explain)
    {
        foreach (var name in members.Keys.Where(name => !known.Contains(name))) Errors[RequestBody.IsName(name) ? name : "other"] = [explain(name)];
        return Errors.Count > 0 ? Problems.Invalid(Errors) : null;
    }

    /// <summary>Half of a surrogate pair, written as an escape, is no text.</summary>
    private static string? Unescape(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private Given<T> Fault<T>(string name, string sentence)
    {
        Errors[name] = [sentence];
        return default;
    }
}

[JsonSourceGenerationOptions(AllowDuplicateProperties = false, MaxDepth = 16)]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
internal sealed partial class PatchJson : JsonSerializerContext;
