using System.Net.Http.Json;
using System.Text.Json;

namespace Avouch.Load;

/// <summary>One of the people who use the server under test. They are many, since nobody signs in a hundred times a second.</summary>
internal sealed class Account(string url, string name) : IDisposable
{
    /// <summary>How many sign in, and what their names begin with; the number follows.</summary>
    public const int People = 68;

    public const string Prefix = "person";
    public const string Password = "correct horse 42";

    private readonly HttpClient client = new() { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(30) };

    public static async Task<IReadOnlyList<Account>> Register(string url)
    {
        var accounts = Enumerable.Range(0, People).Select(i => new Account(url, Prefix + i)).ToList();
        foreach (var account in accounts) await account.Register();   // one by one: an address has only so many places in the queue of the lanes
        return accounts;
    }

    public async Task Register()
    {
        using var answer = await client.PostAsJsonAsync("/api/v1/auth/register", new { username = name, email = name + "@example.com", password = Password, full_name = "Alice" });
        answer.EnsureSuccessStatusCode();
    }

    public async Task<(string Access, string Refresh)> SignIn()
    {
        using var answer = await client.PostAsJsonAsync("/api/v1/auth/login", new { username = name, password = Password });
        var tokens = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        return (tokens.GetProperty("access_token").GetString()!, tokens.GetProperty("refresh_token").GetString()!);
    }

    public async Task<byte[]> Me(string access)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/users/me") { Headers = { { "Authorization", "Bearer " + access } } };
        using var answer = await client.SendAsync(request);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
    }

    public void Dispose() => client.Dispose();
}
