using System.Buffers;
using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Avouch.Server.Tests.Harness;

/// <summary>
/// Every secret that a client of one server sent or was given: members of bodies, headers, cookies, secrets in links, and what the server's settings
/// hold. Whatever the server logged is searched for all of them.
/// </summary>
internal sealed class UsedSecrets
{
    /// <summary>Shorter ones, and ones of few different letters, stand in any text by chance.</summary>
    private const int MinLength = 8;

    private const int MinDistinct = 5;

    private const int ShownLetters = 4;

    private static readonly HashSet<string> Members = new(StringComparer.OrdinalIgnoreCase)
    {
        "password", "new_password", "current_password", "token", "refresh_token", "access_token", "device_token", "id_token", "secret", "client_secret", "form",
    };

    private static readonly string[] Headers = ["Authorization", "Proxy-Authorization", "Avouch-Device", "Cookie", "Set-Cookie"];

    private readonly ConcurrentDictionary<string, bool> secrets = new(StringComparer.Ordinal);

    public int Count => secrets.Count;

    public void Add(string? secret)
    {
        if (secret is null || secret.Length < MinLength || secret.Distinct().Count() < MinDistinct || IsWord(secret)) return;
        secrets[secret] = true;
        secrets[Uri.EscapeDataString(secret)] = true;
        secrets[JavaScriptEncoder.Default.Encode(secret)] = true;
        if (secret.Split('.') is [_, _, { Length: >= MinLength } signature]) secrets[signature] = true;   // of an access token: the rest of it is no secret
    }

    public async Task AddRequest(HttpRequestMessage request)
    {
        AddHeaders(request.Headers);
        AddPairs(QueryHelpers.ParseQuery(request.RequestUri?.OriginalString.Split('?', 2) is [_, var query] ? query : ""));
        if (request.Content is null) return;
        await request.Content.LoadIntoBufferAsync();
        AddBody(await request.Content.ReadAsByteArrayAsync(), request.Content.Headers.ContentType?.MediaType);
    }

    public void AddAnswer(HttpResponseMessage response, Answer answer)
    {
        AddHeaders(response.Headers);
        AddBody(answer.Body, response.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>The values of settings that are secret by their name.</summary>
    public void AddSettings(IReadOnlyDictionary<string, string> settings)
    {
        foreach (var (name, value) in settings)
            if (name.Contains("SECRET", StringComparison.Ordinal) || name.EndsWith("PASSWORD", StringComparison.Ordinal) || name.EndsWith("TOKEN", StringComparison.Ordinal)) Add(value);
    }

    /// <summary>The master key that the server made in its folder.</summary>
    public void AddKeyOf(string folder)
    {
        var file = Path.Combine(folder, "secret.key");
        if (File.Exists(file)) Add(File.ReadAllText(file).Trim());
    }

    /// <summary>The lines that hold one of them, with the secret cut short: this is printed too.</summary>
    public IReadOnlyList<string> FindIn(IEnumerable<string> lines)
    {
        if (secrets.IsEmpty) return [];
        var search = SearchValues.Create([.. secrets.Keys], StringComparison.Ordinal);
        return [.. lines.Where(line => line.AsSpan().ContainsAny(search)).Select(Redact)];
    }

    public void MustNotStandIn(IEnumerable<string> lines)
    {
        var found = FindIn(lines);
        Assert.True(found.Count == 0, $"The log holds secrets, in {found.Count} lines:\n{string.Join('\n', found.Take(10))}");
    }

    private string Redact(string line) =>
        secrets.Keys.Where(secret => line.Contains(secret, StringComparison.Ordinal)).OrderByDescending(secret => secret.Length)
            .Aggregate(line, (text, secret) => text.Replace(secret, secret[..ShownLetters] + "[secret]", StringComparison.Ordinal));

    /// <summary>A single word of small letters, such as a test sends in the place of a token, is in any log.</summary>
    private static bool IsWord(string text) => text.Length < 16 && text.All(char.IsAsciiLetterLower);

    private void AddHeaders(HttpHeaders headers)
    {
        foreach (var value in Headers.Where(name => headers.NonValidated.Contains(name)).SelectMany(name => headers.NonValidated[name]))
        {
            Add(value);
            foreach (var part in value.Split([' ', ';', ','], StringSplitOptions.RemoveEmptyEntries)) Add(part[(part.IndexOf('=', StringComparison.Ordinal) is > 0 and var sign && sign < part.Length - 1 ? sign + 1 : 0)..]);
        }
    }

    private void AddBody(byte[] body, string? mediaType)
    {
        if (mediaType == "application/x-www-form-urlencoded") AddPairs(QueryHelpers.ParseQuery(System.Text.Encoding.UTF8.GetString(body)));
        if (mediaType?.EndsWith("json", StringComparison.Ordinal) != true) return;
        try
        {
            using var json = JsonDocument.Parse(body);
            AddMembers(json.RootElement, isSecret: false);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // A test sends what is no JSON, or half a surrogate pair, on purpose; its own assertions say what it looks for.
        }
    }

    private void AddPairs(Dictionary<string, Microsoft.Extensions.Primitives.StringValues> pairs)
    {
        foreach (var (name, values) in pairs.Where(pair => Members.Contains(pair.Key)))
            foreach (var value in values) Add(value);
    }

    private void AddMembers(JsonElement element, bool isSecret)
    {
        if (element.ValueKind == JsonValueKind.Object)
            foreach (var member in element.EnumerateObject()) AddMembers(member.Value, Members.Contains(member.Name));
        else if (element.ValueKind == JsonValueKind.Array)
            foreach (var item in element.EnumerateArray()) AddMembers(item, isSecret);
        else if (isSecret && element.ValueKind == JsonValueKind.String)
            Add(element.GetString());
    }
}
