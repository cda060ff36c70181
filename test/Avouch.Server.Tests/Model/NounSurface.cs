using Avouch.Protocol;
using Avouch.ResourceServer;
using Avouch.Server.Http;
using Avouch.Server.Journal;
using Avouch.Server.Sessions;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Model;

/// <summary>Calls what the endpoints call, without the network between: the same rules at many more steps a second.</summary>
internal sealed class NounSurface(TestServer server) : Surface(server)
{
    private static readonly Device Device = new("127.0.0.1", "127.0.0.1", null);

    public override async Task<(string Code, Tokens? Tokens)> SignIn(string name, string password)
    {
        var signedIn = await Server.Get<SignIn>().Run(name, password, TokenIssuer.FirstPartyScope, Device, CancellationToken.None);
        return signedIn.Outcome switch
        {
            SignInOutcome.Right => (Accepted, Issue(signedIn)),
            SignInOutcome.Disabled => ("account_disabled", null),
            _ => (signedIn.Outcome.ToString(), null),
        };
    }

    private Tokens Issue(SignedIn signedIn)
    {
        var tokens = Server.Get<TokenIssuer>().Issue(signedIn.Grant!, signedIn.AccessUntil);
        return new Tokens(tokens.AccessToken, tokens.RefreshToken);
    }

    public override async Task<(Refreshed Outcome, Tokens? Tokens)> Refresh(string refreshToken)
    {
        Assert.True(RefreshToken.TryVerify(refreshToken, Server.Get<RefreshKeys>(), out var presented));
        var issuer = Server.Get<TokenIssuer>();
        var accessUntil = issuer.AccessUntil();
        var rotated = await Server.Get<Rotation>().Rotate(presented, TokenIssuer.FirstParty, accessUntil, Device);
        var outcome = new Refreshed(rotated.Grant?.Generation, rotated.Refusal, await Because(rotated.Cause));
        if (rotated.Grant is not { } grant) return (outcome, null);
        var answer = issuer.Issue(grant, accessUntil);
        return (outcome, new Tokens(answer.AccessToken, answer.RefreshToken));
    }

    public override Task<string> Check(string accessToken) => Task.FromResult(Judge(accessToken, out _));

    public override async Task<string> End(string accessToken, Guid session)
    {
        if (Judge(accessToken, out var token) is not Accepted and var refusal) return refusal;
        return await Server.Get<UserSessions>().End(session, token!.Subject, EndReason.EndedByUser, Device.Address) ? Accepted : Problems.NotFound.Code;
    }

    public override async Task<string> SignOut(string accessToken)
    {
        if (Judge(accessToken, out var token) is not Accepted and var refusal) return refusal;
        await Server.Get<UserSessions>().End(token!.SessionId, token.Subject, EndReason.SignedOut, Device.Address);
        return Accepted;
    }

    public override async Task<string> SignOutAll(string accessToken)
    {
        if (Judge(accessToken, out var token) is not Accepted and var refusal) return refusal;
        await Server.Get<UserSessions>().EndAll(token!.Subject, EndReason.SignedOut, Device.Address);
        return Accepted;
    }

    public override async Task<string> SignOutWith(string refreshToken)
    {
        Assert.True(RefreshToken.TryVerify(refreshToken, Server.Get<RefreshKeys>(), out var presented));
        await Server.Get<UserSessions>().End(presented.SessionId, null, EndReason.SignedOut, Device.Address);
        return Accepted;
    }

    private string Judge(string accessToken, out AccessToken? token)
    {
        var found = Server.Get<TokenCheck>().Check("Bearer " + accessToken);
        token = found.Token;
        return token is null ? Problems.Unauthorized(found).Code : Accepted;
    }
}
