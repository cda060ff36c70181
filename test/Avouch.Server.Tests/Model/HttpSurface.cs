using System.Globalization;
using Avouch.Server.Sessions;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Model;

/// <summary>Does everything that has a URL over HTTP, on connections that stay open.</summary>
internal sealed class HttpSurface(TestServer server) : Surface(server), IDisposable
{
    private TestClient client = server.Client();

    public void Dispose() => client.Dispose();

    public override async Task<(string Code, Tokens? Tokens)> SignIn(string name, string password)
    {
        var answer = await client.PostJson("/api/v1/auth/login", new { username = name, password });
        return (CodeOf(answer), (int)answer.Status == 200 ? Tokens.Of(answer) : null);
    }

    public override async Task<(Refreshed Outcome, Tokens? Tokens)> Refresh(string refreshToken)
    {
        var answer = await client.TryRefresh(refreshToken);
        if ((int)answer.Status != 200) return (new Refreshed(null, null, await Because(CauseOf(answer))), null);
        var tokens = Tokens.Of(answer);
        return (new Refreshed(GenerationOf(tokens.RefreshToken), RefreshRefusal.None, null), tokens);
    }

    public override async Task<string> Check(string accessToken) => CodeOf(await client.Get("/api/v1/users/me", accessToken));

    public override async Task<string> End(string accessToken, Guid session) => CodeOf(await client.Delete($"/api/v1/auth/sessions/{session}", accessToken));

    public override async Task<string> SignOut(string accessToken) => CodeOf(await client.PostJson("/api/v1/auth/logout", new { }, accessToken));

    public override async Task<string> SignOutAll(string accessToken) => CodeOf(await client.PostJson("/api/v1/auth/logout", new { all = true }, accessToken));

    public override async Task<string> SignOutWith(string refreshToken) =>
        CodeOf(await client.PostJson("/api/v1/auth/logout", new { refresh_token = refreshToken }));

    public override async Task Restart()
    {
        client.Dispose();
        await base.Restart();
        client = Server.Client();
    }

    private static string CodeOf(Answer answer) => (int)answer.Status is 200 or 204 ? Accepted : answer.Code ?? answer.Text;

    private static long? CauseOf(Answer answer) =>
        answer.Reason is ['j', '-', .. var seq] ? long.Parse(seq, CultureInfo.InvariantCulture) : null;
}
