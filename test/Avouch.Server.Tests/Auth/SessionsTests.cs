using System.Net;
using System.Text.Json;
using Avouch.Server.Journal;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Auth;

/// <summary>The user's list of devices. ASVS 7.5.2.</summary>
public sealed class SessionsTests : ServerTests
{
    private const string Url = "/api/v1/auth/sessions";

    [Fact]
    public async Task The_newest_session_stands_first_and_this_one_is_marked()
    {
        var old = await Client.Join("alice");
        Pass(TimeSpan.FromMinutes(5));
        var current = await Client.SignIn("alice");
        await Client.Join("bob");

        var sessions = await List(current);

        Assert.Equal([current.SessionId, old.SessionId], sessions.Select(session => session.GetProperty("id").GetGuid()));
        Assert.Equal([true, false], sessions.Select(session => session.GetProperty("current").GetBoolean()));
        Assert.All(sessions, session => Assert.Equal("127.0.0.1", session.Text("address")));
    }

    [Fact]
    public async Task A_refresh_is_the_last_use_and_leaves_its_agent()
    {
        var tokens = await Client.Join("alice");
        var began = Server.Time.GetUtcNow();
        Pass(TimeSpan.FromMinutes(5));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/refresh") { Content = System.Net.Http.Json.JsonContent.Create(new { refresh_token = tokens.RefreshToken }) };
        request.Headers.TryAddWithoutValidation("User-Agent", "Lynx/2.9");

        tokens = Tokens.Of(await Client.Send(request));

        var session = Assert.Single(await List(tokens));
        Assert.Equal(began, session.GetProperty("created_at").GetDateTimeOffset());
        Assert.Equal(Server.Time.GetUtcNow(), session.GetProperty("last_used_at").GetDateTimeOffset());
        Assert.Equal(Server.Time.GetUtcNow().AddDays(30), session.GetProperty("expires_at").GetDateTimeOffset());
        Assert.Equal("Lynx/2.9", session.Text("agent"));
    }

    [Fact]
    public async Task A_session_that_was_ended_here_is_over_everywhere()
    {
        var lost = await Client.Join("alice");
        var current = await Client.SignIn("alice");

        var answer = await Client.Delete($"{Url}/{lost.SessionId}", current.AccessToken);

        Assert.Equal((HttpStatusCode.NoContent, 0), (answer.Status, answer.Body.Length));
        (await Client.Me(lost)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        (await Client.TryRefresh(lost.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        Assert.Equal(current.SessionId, Assert.Single(await List(current)).GetProperty("id").GetGuid());
        var end = Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.SessionEnded);
        Assert.Equal(EndReason.EndedByUser, end.Detail);
    }

    [Fact]
    public async Task One_can_end_the_very_session_that_asks()
    {
        var tokens = await Client.Join("alice");

        Assert.Equal(HttpStatusCode.NoContent, (await Client.Delete($"{Url}/{tokens.SessionId}", tokens.AccessToken)).Status);

        (await Client.Get(Url, tokens.AccessToken)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
    }

    [Fact]
    public async Task A_session_ends_once()
    {
        var lost = await Client.Join("alice");
        var current = await Client.SignIn("alice");
        await Client.Delete($"{Url}/{lost.SessionId}", current.AccessToken);

        (await Client.Delete($"{Url}/{lost.SessionId}", current.AccessToken)).MustBe(HttpStatusCode.NotFound, "not_found");

        Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.SessionEnded);
    }

    [Fact]
    public async Task Expired_sessions_are_no_devices()
    {
        await Client.Join("alice");
        Pass(TimeSpan.FromDays(30));
        var current = await Client.SignIn("alice");

        Assert.Single(await List(current));
    }

    private async Task<List<JsonElement>> List(Tokens tokens)
    {
        var answer = await Client.Get(Url, tokens.AccessToken);
        Assert.Equal((HttpStatusCode.OK, "no-store"), (answer.Status, answer.Headers["Cache-Control"]));
        return [.. answer.Json.GetProperty("sessions").EnumerateArray()];
    }
}
