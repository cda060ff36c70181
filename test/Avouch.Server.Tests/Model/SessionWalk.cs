using Avouch.Server.Journal;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;
using Xunit.Sdk;

namespace Avouch.Server.Tests.Model;

/// <summary>A random walk through everything that can happen to sessions, in step with <see cref="SessionModel"/>.</summary>
internal sealed class SessionWalk(Surface server, int seed)
{
    private const int Users = 5;
    private const int RememberedTokens = 20_000;
    private const int RememberedSessions = 200;

    private readonly Random random = new(seed);
    private readonly SessionModel model = new(ModelSettings.Limits);
    private readonly History history = new();
    private readonly List<ModelUser> users = [];
    private readonly List<KnownSession> sessions = [];
    private readonly List<ModelToken> tokens = [];
    private long journalAtStart;
    private int step;

    /// <summary>All refresh tokens of a session, by generation: <c>Tokens[0]</c> is that of generation 1.</summary>
    private sealed record KnownSession(Guid Id, ModelUser User, List<string> Tokens);

    private DateTimeOffset Now => server.Now;

    public async Task Run(int steps)
    {
        for (var i = 0; i < Users; i++)
        {
            var name = $"user{i}";
            users.Add(new ModelUser(await server.AddUser(name, NewPassword(name, i)), name) { Password = NewPassword(name, i) });
        }
        journalAtStart = (await server.Count()).Journal;
        try
        {
            for (step = 1; step <= steps; step++)
            {
                await Step();
                await CheckWorld();
            }
        }
        catch (Exception failure)
        {
            throw new XunitException($"{Seed.Explain(seed)}, step {step} of {steps}\n{history.Tail()}{failure.Message}");
        }
    }

    private Task Step() => random.Next(1000) switch
    {
        < 70 => SignIn(AnyUser()),
        < 73 => SignInSeveralTimes(),
        < 420 => Refresh(back: 0),
        < 560 => Refresh(back: 1),
        < 585 => Refresh(back: 2 + random.Next(4)),
        < 610 => EndSession(),
        < 630 => SignOut(),
        < 637 => SignOutAll(),
        < 650 => SignOutWith(),
        < 660 => Disable(),
        < 690 => Enable(),
        < 720 => SetRole(),
        < 727 => SetPassword(),
        < 730 => RotateKey(),
        < 731 => Restart(),
        _ => Advance(),
    };

    /// <summary>All at one moment of the clock, so that only their ids tell which is the oldest.</summary>
    private async Task SignInSeveralTimes()
    {
        var user = AnyUser();
        for (var i = 0; i <= ModelSettings.Limits.SessionsPerUser; i++) await SignIn(user);
    }

    private async Task SignIn(ModelUser user)
    {
        Note(user, null, $"{user.Name} signs in");
        var (code, given) = await server.SignIn(user.Name, user.Password);
        Assert.Equal(user.IsActive ? Surface.Accepted : "account_disabled", code);
        if (given is null) return;
        Note(user, given.SessionId, $"{user.Name} has signed in: session {given.SessionId}");
        model.SignIn(user, given.SessionId, Now);
        var session = new KnownSession(given.SessionId, user, []);
        sessions.Add(session);
        if (sessions.Count > RememberedSessions) sessions.RemoveAt(0);
        Keep(session, 1, given);
    }

    private async Task Refresh(int back)
    {
        if (AnySession() is not { } session) return;
        var presented = Math.Max(1, session.Tokens.Count - back);
        Note(session.User, session.Id, $"{session.User.Name} refreshes {session.Id} with generation {presented} of {session.Tokens.Count}");
        var (seen, given) = await server.Refresh(session.Tokens[presented - 1]);
        var expected = model.Refresh(session.Id, presented, Now);
        Assert.Equal(seen.Refusal is null ? expected with { Refusal = null } : expected, seen);
        if (given is not null) Keep(session, expected.Generation!.Value, given);
    }

    /// <summary>The same generation is the same text, and the access token holds what the model says.</summary>
    private void Keep(KnownSession session, long generation, Tokens given)
    {
        Assert.InRange(generation, 1, session.Tokens.Count + 1);
        if (generation > session.Tokens.Count) session.Tokens.Add(given.RefreshToken);
        Assert.Equal(session.Tokens[(int)generation - 1], given.RefreshToken);
        var claims = given.Claims;
        Assert.Equal(session.Id, given.SessionId);
        Assert.Equal(session.User.Id, claims.GetProperty("sub").GetGuid());
        Assert.Equal(session.User.Epoch, claims.GetProperty("epoch").GetInt64());
        Assert.Equal(session.User.Role, claims.GetProperty("roles")[0].GetString());
        var expires = DateTimeOffset.FromUnixTimeSeconds(claims.GetProperty("exp").GetInt64());
        Assert.Equal(model.Expiry(model.Find(session.Id)!, Now), expires);
        tokens.Add(new ModelToken(given.AccessToken, session.User, session.Id, session.User.Epoch, expires));
        if (tokens.Count > RememberedTokens) tokens.RemoveRange(0, RememberedTokens / 2);
    }

    private async Task EndSession()
    {
        if (AnyToken() is not { } token || AnySession() is not { } session) return;
        Note(session.User, session.Id, $"{token.User.Name} ends {session.Id} of {session.User.Name}");
        var expected = model.Check(token, Now);
        if (expected == Surface.Accepted && !model.End(session.Id, token.User, EndReason.EndedByUser, Now)) expected = "not_found";
        AssertJudged(token, expected, await server.End(token.Text, session.Id));
    }

    private async Task SignOut()
    {
        if (AnyToken() is not { } token) return;
        Note(token.User, token.Session, $"{token.User.Name} signs out of {token.Session}");
        var expected = model.Check(token, Now);
        if (expected == Surface.Accepted) model.End(token.Session, token.User, EndReason.SignedOut, Now);
        AssertJudged(token, expected, await server.SignOut(token.Text));
        Assert.NotEqual(Surface.Accepted, await server.Check(token.Text));
    }

    private async Task SignOutAll()
    {
        if (AnyToken() is not { } token) return;
        Note(token.User, token.Session, $"{token.User.Name} signs out everywhere");
        var expected = model.Check(token, Now);
        if (expected == Surface.Accepted) model.EndAll(token.User, EndReason.SignedOut, Now);
        AssertJudged(token, expected, await server.SignOutAll(token.Text));
    }

    private async Task SignOutWith()
    {
        if (AnySession() is not { } session) return;
        Note(session.User, session.Id, $"{session.User.Name} signs out of {session.Id} with a refresh token");
        model.End(session.Id, null, EndReason.SignedOut, Now);
        Assert.Equal(Surface.Accepted, await server.SignOutWith(session.Tokens[random.Next(session.Tokens.Count)]));
    }

    private Task Disable() => Change("is disabled", EndReason.UserDisabled, user =>
    {
        user.IsActive = false;
        return server.Disable(user.Id);
    });

    private Task Enable() => Change("is enabled", null, user =>
    {
        user.IsActive = true;
        return server.Enable(user.Id);
    });

    private Task SetRole() => Change("gets a role", null, user =>
    {
        user.Role = Role.All[random.Next(Role.All.Length)];
        return server.SetRole(user.Id, user.Role);
    });

    private Task SetPassword() => Change("gets a password", EndReason.PasswordChanged, user =>
    {
        user.Password = NewPassword(user.Name, step);
        return server.SetPassword(user.Id, user.Password);
    });

    private async Task Change(string what, string? endingBecause, Func<ModelUser, Task> change)
    {
        var user = AnyUser();
        Note(user, null, $"{user.Name} {what}");
        await change(user);
        model.Change(user, endingBecause, Now);
    }

    private Task RotateKey()
    {
        Note(null, null, "the next key signs");
        model.RotateKey();
        return server.RotateKey();
    }

    private Task Restart()
    {
        Note(null, null, "the server restarts");
        return server.Restart();
    }

    /// <summary>Mostly around the grace, at times around the life of an access token or a session, seldom over weeks.</summary>
    private async Task Advance()
    {
        var by = random.Next(100) switch
        {
            < 70 => TimeSpan.FromMilliseconds(500 * random.Next(1, 62)),
            < 90 => TimeSpan.FromMinutes(random.Next(1, 120)),
            < 98 => TimeSpan.FromHours(random.Next(2, 12)),
            _ => TimeSpan.FromDays(random.Next(1, 20)),
        };
        Note(null, null, $"{by} pass");
        await server.Advance(by);
        model.Purge(Now);
    }

    /// <summary>What must hold after every step: the rows, the journal, and the judgement of tokens handed out lately or ever.</summary>
    private async Task CheckWorld()
    {
        var (rows, journal) = await server.Count();
        Assert.Equal(model.Rows, rows);
        Assert.Equal(model.Journal, journal - journalAtStart);
        for (var i = 0; i < 2; i++)
            if (AnyToken() is { } token)
                AssertJudged(token, model.Check(token, Now), await server.Check(token.Text));
    }

    /// <summary>A retired key is forgotten a day after it signed last: a token that is dead for long may then also be called invalid.</summary>
    private void AssertJudged(ModelToken token, string expected, string seen)
    {
        var canBeForgotten = expected == "token_expired" && token.Expires < Now - TimeSpan.FromDays(1) + ModelSettings.Limits.Access;
        if (canBeForgotten && seen == "invalid_token") return;
        if (seen != expected) Assert.Fail($"A token of session {token.Session} is {seen}, and should be {expected}.");
    }

    private void Note(ModelUser? user, Guid? session, string text) => history.Add(step, user?.Id, session, text);

    private ModelUser AnyUser() => users[random.Next(users.Count)];

    private KnownSession? AnySession() => Pick(sessions, among: 12);

    private ModelToken? AnyToken() => Pick(tokens, among: 40);

    /// <summary>Three times of four one of the newest, else any.</summary>
    private T? Pick<T>(List<T> from, int among) where T : class =>
        from.Count == 0 ? null : from[random.Next(random.Next(4) == 0 ? 0 : Math.Max(0, from.Count - among), from.Count)];

    private static string NewPassword(string name, int number) => $"{name} has word {number}";
}
