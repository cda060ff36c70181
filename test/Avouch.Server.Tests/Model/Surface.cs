using Avouch.Protocol;
using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Passwords;
using Avouch.Server.Sessions;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Model;

/// <summary>
/// How a walk touches the server: directly, through the nouns, or over HTTP. Answers come as the words of the API: <c>accepted</c>, or the code of
/// the refusal.
/// </summary>
internal abstract class Surface(TestServer server)
{
    public const string Accepted = "accepted";

    protected TestServer Server => server;

    public DateTimeOffset Now => server.Time.GetUtcNow();

    public abstract Task<(string Code, Tokens? Tokens)> SignIn(string name, string password);

    public abstract Task<(Refreshed Outcome, Tokens? Tokens)> Refresh(string refreshToken);

    public abstract Task<string> Check(string accessToken);

    /// <summary>Ends one of the sessions of the token's user.</summary>
    public abstract Task<string> End(string accessToken, Guid session);

    public abstract Task<string> SignOut(string accessToken);

    public abstract Task<string> SignOutAll(string accessToken);

    public abstract Task<string> SignOutWith(string refreshToken);

    /// <summary>The generation inside of a refresh token.</summary>
    public long GenerationOf(string refreshToken) =>
        RefreshToken.TryVerify(refreshToken, server.Get<RefreshKeys>(), out var token)
            ? token.Generation
            : throw new InvalidOperationException("Not our token.");

    public async Task<Guid> AddUser(string name, string password) =>
        (await server.Get<UserAccounts>().Add(new NewUser(name, $"{name}@example.test", null, Role.User, await Hash(password)), null)).User!.Id;

    public async Task SetRole(Guid user, string role) => Assert.Equal(UserChange.Done, await server.Get<UserChanges>().SetRole(user, role));

    public async Task Disable(Guid user) => Assert.Equal(UserChange.Done, await server.Get<UserChanges>().Disable(user));

    public async Task Enable(Guid user) => Assert.Equal(UserChange.Done, await server.Get<UserChanges>().Enable(user));

    public async Task SetPassword(Guid user, string password) =>
        Assert.Equal(UserChange.Done, await server.Get<UserChanges>().SetPassword(user, await Hash(password)));

    public Task RotateKey() => server.Get<SigningKeys>().Rotate(isNow: true);

    /// <summary>Moves the clock, and does at once what housekeeping would do soon.</summary>
    public Task Advance(TimeSpan by)
    {
        server.Time.Advance(by);
        return server.Get<SessionPurge>().Run(CancellationToken.None);
    }

    public virtual Task Restart() => server.Restart(ModelSettings.All);

    public async Task<(long Rows, long Journal)> Count() => await server.Get<Database>().Read(static async statements => (
        await statements.Find("SELECT COUNT(*) FROM sessions", static row => row.Long(0)),
        await statements.Find("SELECT COALESCE(MAX(seq), 0) FROM journal", static row => row.Long(0))));

    /// <summary>Why a session ended, by the journal row that a refusal points to.</summary>
    protected async Task<string?> Because(long? cause) => cause is not { } seq ? null : await server.Get<Database>().Read(statements => statements.Find(
        "SELECT detail FROM journal WHERE seq = @seq AND kind = @kind", static row => row.Text(0), ("seq", seq), ("kind", JournalKind.SessionEnded)));

    private async Task<string> Hash(string password) => (await server.Get<PasswordHasher>().Hash(password, "", CancellationToken.None)).Hash!;
}
