using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Journal;

/// <summary>Passwords and tokens stand nowhere but in the answers: neither in the logs, nor in the journal, nor in the database file.</summary>
public sealed class NoSecretsTests : ServerTests
{
    private const string Right = "right-Passw0rd-of-alice";
    private const string Wrong = "wrong-Passw0rd-of-alice";
    private const string InTheWrongField = "typed-into-the-name-field";

    [Fact]
    [Trait("ASVS", "14.2.4")]
    public async Task Nothing_secret_is_written_anywhere()
    {
        await Client.Register("alice", Right);
        var first = await Client.SignIn("alice", Right);
        var second = await Client.Refresh(first);
        await Client.Refresh(first);
        await TrySignIn("alice", Wrong);
        await TrySignIn(InTheWrongField, Wrong);
        await Client.PostForm("/api/v1/auth/token", ("username", "alice"), ("password", Wrong));
        await Client.PostRaw("/api/v1/auth/login", "application/json", $"{{\"password\":\"{Wrong}");
        await Client.Me(second);
        Pass(TimeSpan.FromMinutes(1));
        await Client.TryRefresh(first.RefreshToken);   // a replay
        await Client.Me(second);
        await Client.TryRefresh(second.RefreshToken);
        await Client.Logout(second);
        var key = (await File.ReadAllTextAsync(Path.Combine(Server.Folder, "secret.key"))).Trim();
        await Restart();

        string[] secrets = [Right, Wrong, InTheWrongField, first.AccessToken, first.RefreshToken, second.AccessToken, second.RefreshToken, key, .. Signatures(first, second)];
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(Server.Logs.Lines, line => line.Contains(secret, StringComparison.Ordinal));
            Assert.DoesNotContain(await Server.Journal(), entry => entry.ToString().Contains(secret, StringComparison.Ordinal));
            foreach (var file in Directory.GetFiles(Server.Folder, "avouch.db*")) Assert.False(await Holds(file, secret), $"{Path.GetFileName(file)} holds a secret");
        }
        Assert.NotEmpty(Server.Logs.Lines);
        Assert.NotEmpty(await Server.Journal());
    }

    [Fact]
    public async Task The_search_finds_what_is_there()
    {
        await Client.Register("alice");

        var found = false;
        foreach (var file in Directory.GetFiles(Server.Folder, "avouch.db*")) found |= await Holds(file, "alice@example.test");
        Assert.True(found);
    }

    private static IEnumerable<string> Signatures(params Tokens[] tokens) => tokens.Select(pair => pair.AccessToken.Split('.')[2]);

    private static async Task<bool> Holds(string path, string secret)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes);
        return bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(secret)) >= 0;
    }

    private Task<Answer> TrySignIn(string username, string password) => Client.PostJson("/api/v1/auth/login", new { username, password });
}
