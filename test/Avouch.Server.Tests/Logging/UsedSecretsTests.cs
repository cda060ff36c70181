using Avouch.Server.Tests.Harness;
using Microsoft.Extensions.Logging;

namespace Avouch.Server.Tests.Logging;

/// <summary>
/// Every test server searches its own log for every secret that its clients used, at every level, when it is disposed (<see cref="UsedSecrets"/>). Here it
/// is shown that this search can fail.
/// </summary>
public sealed class UsedSecretsTests : ServerTests
{
    private const string Chosen = "Chosen-Passw0rd-of-bob";

    [Fact]
    [Trait("ASVS", "16.2.5")]
    public async Task A_secret_that_somebody_logs_is_found()
    {
        await Client.Register("alice", Chosen);
        var tokens = await Client.SignIn("alice", Chosen);
        await Client.Refresh(tokens);
        await Client.Me(tokens);
        Server.Secrets.MustNotStandIn(Server.Logs.Lines);
        var key = (await File.ReadAllTextAsync(Path.Combine(Server.Folder, "secret.key"))).Trim();
        Server.Secrets.AddKeyOf(Server.Folder);

        foreach (var secret in (string[])[Chosen, tokens.AccessToken, tokens.AccessToken.Split('.')[2], tokens.RefreshToken, key, Uri.EscapeDataString(Chosen + "%")[..^3]])
        {
            var found = Assert.Single(Server.Secrets.FindIn([.. Server.Logs.Lines, $"a line with {secret} in it"]));
            Assert.DoesNotContain(secret, found, StringComparison.Ordinal);   // the report of a leak is no leak
        }
    }

    [Fact]
    public async Task What_is_logged_at_any_level_and_in_any_field_is_searched()
    {
        var tokens = await Client.Join("alice");
        var logger = Server.Get<ILoggerFactory>().CreateLogger("planted");

        LogIn(logger, LogLevel.Trace, tokens.RefreshToken, null);
        LogIn(logger, LogLevel.Error, "nothing", new InvalidOperationException(tokens.AccessToken));

        var found = Server.Secrets.FindIn(Server.Logs.Lines);
        Server.Logs.Lines.Clear();   // or this test would fail, as it should
        Assert.Equal(2, found.Count);
    }

    [Theory]
    [InlineData("Authorization", "Bearer Abcdefgh12345678", "Abcdefgh12345678")]
    [InlineData("Cookie", "first=1; __Host-avouch=Abcdefgh12345678", "Abcdefgh12345678")]
    [InlineData("Avouch-Device", "Abcdefgh12345678", "Abcdefgh12345678")]
    public async Task Secrets_in_headers_are_remembered(string name, string value, string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ping");
        request.Headers.TryAddWithoutValidation(name, value);

        await Client.Send(request);

        Assert.Single(Server.Secrets.FindIn([$"x {secret} x"]));
    }

    [Fact]
    public async Task Secrets_in_forms_links_and_arrays_are_remembered()
    {
        await Client.PostForm("/api/v1/auth/token", ("username", "nobody"), ("password", "In-a-F0rm-and-wrong"));
        await Client.Get("/ping?token=In-a-L1nk-and-wrong");
        await Client.PostJson("/ping", new { list = new[] { new { new_password = "In-a-L1st-and-wrong" } } });

        foreach (var secret in (string[])["In-a-F0rm-and-wrong", "In-a-L1nk-and-wrong", "In-a-L1st-and-wrong"])
            Assert.Single(Server.Secrets.FindIn([secret]));
        Assert.Empty(Server.Secrets.FindIn(["a line like any other"]));
    }

    private static void LogIn(ILogger logger, LogLevel level, string value, Exception? exception)
    {
        var state = new Dictionary<string, object?> { ["Value"] = value };
        logger.Log(level, new EventId(1), state, exception, static (_, _) => "no value in the message");
    }
}
