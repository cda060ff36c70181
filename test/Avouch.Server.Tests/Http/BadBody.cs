using System.Text;

namespace Avouch.Server.Tests.Http;

/// <summary>Bodies that no endpoint takes. Each one holds the secret, where it holds anything.</summary>
internal static class BadBody
{
    public const string Secret = "s3cret-marker-9137";

    /// <summary>A name, the status of the refusal, and the body with <c>MEMBER</c> for a member that the endpoint knows as a text.</summary>
    private static readonly (string Name, int Status, byte[] Body)[] Json =
    [
        ("empty", 400, []),
        ("white space", 400, Bytes(" \n")),
        ("null", 400, Bytes("null")),
        ("array", 400, Bytes($"[\"{Secret}\"]")),
        ("text", 400, Bytes($"\"{Secret}\"")),
        ("number", 400, Bytes("42")),
        ("not JSON", 400, Bytes(Secret)),
        ("a form", 400, Bytes($"MEMBER={Secret}")),
        ("cut short", 400, Bytes($"{{\"MEMBER\":\"{Secret}")),
        ("more behind it", 400, Bytes($"{{\"MEMBER\":\"{Secret}\"}} {{}}")),
        ("comment", 400, Bytes($"{{/* {Secret} */}}")),
        ("trailing comma", 400, Bytes($"{{\"MEMBER\":\"{Secret}\",}}")),
        ("single quotes", 400, Bytes($"{{'MEMBER':'{Secret}'}}")),
        ("member twice", 400, Bytes($"{{\"MEMBER\":\"{Secret}\",\"MEMBER\":\"{Secret}\"}}")),
        ("member twice, once escaped", 400, Bytes($"{{\"MEMBER\":\"{Secret}\",\"{Escape("MEMBER")}\":\"{Secret}\"}}")),
        ("too deep", 422, Bytes($"{{\"MEMBER\":{new string('[', 1000)}\"{Secret}\"{new string(']', 1000)}}}")),
        ("unknown member too deep", 400, Bytes($"{{\"other\":{new string('[', 1000)}\"{Secret}\"{new string(']', 1000)}}}")),
        ("bad UTF-8", 400, [.. Bytes($"{{\"MEMBER\":\"{Secret}"), 0xC3, 0x28, .. Bytes("\"}")]),
        ("overlong UTF-8", 400, [.. Bytes($"{{\"MEMBER\":\"{Secret}"), 0xC0, 0xAF, .. Bytes("\"}")]),
        ("UTF-16", 400, Encoding.Unicode.GetBytes($"{{\"MEMBER\":\"{Secret}\"}}")),
        ("lone surrogate", 422, Bytes($"{{\"MEMBER\":\"{Secret}\\ud800\"}}")),
        ("lone surrogate in a name", 400, Bytes($"{{\"\\ud800\":\"{Secret}\",\"MEMBER\":\"{Secret}\"}}")),
        ("reversed surrogates", 422, Bytes($"{{\"MEMBER\":\"\\udc00\\ud800{Secret}\"}}")),
        ("number for a text", 422, Bytes("{\"MEMBER\":42}")),
        ("truth for a text", 422, Bytes("{\"MEMBER\":true}")),
        ("object for a text", 422, Bytes($"{{\"MEMBER\":{{\"MEMBER\":\"{Secret}\"}}}}")),
        ("array for a text", 422, Bytes($"{{\"MEMBER\":[\"{Secret}\"]}}")),
        ("too large", 413, Bytes($"{{\"MEMBER\":\"{Secret}{new string('x', 64 * 1024)}\"}}")),
        ("too large for nothing", 413, Bytes($"{{\"other\":\"{Secret}{new string('x', 64 * 1024)}\"}}")),
        ("nothing of use", 422, Bytes($"{{\"other\":\"{Secret}\"}}")),
        ("nulls", 422, Bytes("{\"MEMBER\":null}")),
    ];

    private static readonly (string Name, int Status, byte[] Body)[] Forms =
    [
        ("empty", 422, []),
        ("JSON", 422, Bytes($"{{\"MEMBER\":\"{Secret}\"}}")),
        ("empty fields", 422, Bytes("MEMBER=&other=")),
        ("field twice", 400, Bytes($"MEMBER={Secret}&MEMBER={Secret}")),
        ("unknown field twice", 400, Bytes($"other={Secret}&other={Secret}")),
        ("bad UTF-8", 400, [.. Bytes($"MEMBER={Secret}"), 0xFF, 0xFE]),
        ("bad UTF-8 in a name", 400, [0xC3, 0x28, .. Bytes($"={Secret}&MEMBER={Secret}")]),
        ("too large", 413, Bytes($"MEMBER={Secret}{new string('x', 64 * 1024)}")),
        ("too many fields", 400, Bytes(string.Join('&', Enumerable.Range(0, 2000).Select(n => $"f{n}={Secret}")))),
    ];

    public static IEnumerable<string> JsonNames => Json.Select(body => body.Name);

    public static IEnumerable<string> FormNames => Forms.Select(body => body.Name);

    public static (int Status, byte[] Body) OfJson(string name, string member) => Of(Json, name, member);

    public static (int Status, byte[] Body) OfForm(string name, string member) => Of(Forms, name, member);

    private static (int Status, byte[] Body) Of((string Name, int Status, byte[] Body)[] bodies, string name, string member)
    {
        var (_, status, body) = bodies.Single(body => body.Name == name);
        return (status, Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(body)
            .Replace("MEMBER", member, StringComparison.Ordinal).Replace(Escape("MEMBER"), Escape(member), StringComparison.Ordinal)));
    }

    private static string Escape(string text) => string.Concat(text.Select(letter => $"\\u{(int)letter:x4}"));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
