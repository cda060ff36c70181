using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Avouch.Server.Tests.Harness;

/// <summary>Talks to a server over HTTP in the words of its API.</summary>
/// <param name="secrets">Remembers every secret that goes through; where nobody looks for them, nobody needs it.</param>
internal sealed class TestClient(Uri server, UsedSecrets? secrets = null) : IDisposable
{
    public const string Password = "correct horse 42";

    private readonly HttpClient http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = server };

    public void Dispose() => http.Dispose();

    /// <summary>Signs up; the e-mail address is made from the name.</summary>
    public async Task<JsonElement> Register(string name, string password = Password)
    {
        var answer = await PostJson("/api/v1/auth/register", new { username = name, email = $"{name}@example.test", password });
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return answer.Json;
    }

    public async Task<Tokens> SignIn(string name, string password = Password)
    {
        var answer = await PostJson("/api/v1/auth/login", new { username = name, password });
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return Tokens.Of(answer);
    }

    /// <summary>Signs up and in.</summary>
    public async Task<Tokens> Join(string name)
    {
        await Register(name);
        return await SignIn(name);
    }

    /// <summary>So many people, each with a session.</summary>
    public async Task<Tokens[]> SignUpMany(int count)
    {
        var all = new Tokens[count];
        for (var number = 0; number < count; number++) all[number] = await Join($"person{number}");
        return all;
    }

    public async Task<Tokens> Refresh(Tokens tokens)
    {
        var answer = await TryRefresh(tokens.RefreshToken);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return Tokens.Of(answer);
    }

    public Task<Answer> TryRefresh(string refreshToken) => PostJson("/api/v1/auth/refresh", new { refresh_token = refreshToken });

    /// <summary>Hangs up when it is cancelled, whether the server has heard it or not.</summary>
    public Task<Answer> TryRefresh(string refreshToken, CancellationToken hangUp) =>
        Send(new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/refresh") { Content = JsonContent.Create(new { refresh_token = refreshToken }) }, null, hangUp);

    public Task<Answer> Me(Tokens tokens) => Get("/api/v1/users/me", tokens.AccessToken);

    public Task<Answer> Logout(Tokens tokens, object? body = null) => PostJson("/api/v1/auth/logout", body ?? new { }, tokens.AccessToken);

    public Task<Answer> Get(string path, string? accessToken = null) => Send(new HttpRequestMessage(HttpMethod.Get, path), accessToken);

    public Task<Answer> Delete(string path, string? accessToken = null) => Send(new HttpRequestMessage(HttpMethod.Delete, path), accessToken);

    public Task<Answer> PostJson(string path, object body, string? accessToken = null) =>
        Send(new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) }, accessToken);

    public Task<Answer> Patch(string path, object body, string? accessToken = null) =>
        Send(new HttpRequestMessage(HttpMethod.Patch, path) { Content = JsonContent.Create(body) }, accessToken);

    public Task<Answer> PatchRaw(string path, string body, string? accessToken = null) =>
        Send(new HttpRequestMessage(HttpMethod.Patch, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") }, accessToken);

    public Task<Answer> Put(string path, string? accessToken = null) => Send(new HttpRequestMessage(HttpMethod.Put, path), accessToken);

    public Task<Answer> Post(string path, string? accessToken = null) => Send(new HttpRequestMessage(HttpMethod.Post, path), accessToken);

    public Task<Answer> DeleteJson(string path, object body, string? accessToken = null) =>
        Send(new HttpRequestMessage(HttpMethod.Delete, path) { Content = JsonContent.Create(body) }, accessToken);

    public Task<Answer> PostForm(string path, params (string Name, string Value)[] fields) =>
        Send(new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))) });

    /// <summary>Exactly these bytes, whatever they are.</summary>
    public Task<Answer> PostRaw(string path, string? contentType, byte[] body, string? accessToken = null)
    {
        var content = new ByteArrayContent(body);
        if (contentType is not null) content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return Send(new HttpRequestMessage(HttpMethod.Post, path) { Content = content }, accessToken);
    }

    public Task<Answer> PostRaw(string path, string? contentType, string body, string? accessToken = null) =>
        PostRaw(path, contentType, Encoding.UTF8.GetBytes(body), accessToken);

    public async Task<Answer> Send(HttpRequestMessage request, string? accessToken = null, CancellationToken hangUp = default)
    {
        if (accessToken is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        if (secrets is not null) await secrets.AddRequest(request);
        using var response = await http.SendAsync(request, hangUp);
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(pair => pair.Key, pair => string.Join(", ", pair.Value), StringComparer.OrdinalIgnoreCase);
        var answer = new Answer(response.StatusCode, headers, await response.Content.ReadAsByteArrayAsync(hangUp));
        secrets?.AddAnswer(response, answer);
        return answer;
    }
}

/// <summary>What came back.</summary>
internal sealed record Answer(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>The stable code of a problem document.</summary>
    public string? Code => Json.TryGetProperty("code", out var code) ? code.GetString() : null;

    /// <summary>Where a refusal leads: a journal row (<c>j-…</c>) or a log line (<c>r-…</c>).</summary>
    public string? Reason => Headers.GetValueOrDefault("Avouch-Reason");
}

/// <summary>A pair of tokens as a client keeps them.</summary>
internal sealed record Tokens(string AccessToken, string RefreshToken)
{
    public static Tokens Of(Answer answer) => new(answer.Json.GetProperty("access_token").GetString()!, answer.Json.GetProperty("refresh_token").GetString()!);

    /// <summary>The claims of the access token, unverified.</summary>
    public JsonElement Claims => Segment(1);

    /// <summary>The header of the access token, unverified.</summary>
    public JsonElement Header => Segment(0);

    public Guid SessionId => Claims.GetProperty("sid").GetGuid();

    private JsonElement Segment(int index) => JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(AccessToken.Split('.')[index])).RootElement;
}
