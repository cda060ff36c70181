using Avouch.Protocol;
using Avouch.Server.Keys;
using Avouch.Server.Roles;
using Avouch.Server.Settings;

namespace Avouch.Server.Sessions;

/// <summary>Makes the two tokens of a grant: the access token (RFC 9068) and the refresh token.</summary>
internal sealed class TokenIssuer(Installation installation, SigningKeys keys, RefreshKeys refreshKeys, RoleCatalogue roles, TokenSettings settings, TimeProvider time)
{
    /// <summary>The client of our own sign-in: its tokens open the account API.</summary>
    public const string FirstParty = "avouch";

    public const string AccountScope = "avouch:account";
    public const string AdminScope = "avouch:admin";

    private readonly string[] audiences = [installation.Issuer, .. settings.Audiences.Where(audience => audience != installation.Issuer).Distinct()];

    /// <summary>
    /// The <c>exp</c> of an access token that is signed now. It is written into the session's row before the token is signed, so that a node that
    /// ends the session knows how long it has to remember that.
    /// </summary>
    public DateTimeOffset AccessUntil() => WholeSeconds(time.GetUtcNow()) + settings.AccessLifetime;

    /// <summary>What a first-party session may ever ask for; what a token gets of it depends on the roles at that moment.</summary>
    public const string FirstPartyScope = $"{AccountScope} {AdminScope}";

    /// <summary>What somebody with these roles gets of a scope: that of the admin API only where one of them opens something there.</summary>
    public Scope Granted(string scope, IReadOnlyList<string> held) =>
        Scope.Of([.. scope.Split(' ').Where(token => token != AdminScope || roles.Current.IsAdministrative(held))]);

    public TokenAnswer Issue(Grant grant, DateTimeOffset accessUntil)
    {
        var now = time.GetUtcNow();
        var issuedAt = accessUntil - settings.AccessLifetime;
        var expiresAt = WholeSeconds(accessUntil < grant.RefreshUntil ? accessUntil : grant.RefreshUntil);   // no token outlives its session
        var access = new AccessToken
        {
            Issuer = installation.Issuer,
            Subject = grant.UserId,
            Audiences = audiences,
            ClientId = grant.ClientId,
            SessionId = grant.SessionId,
            Epoch = grant.Epoch,
            TokenId = Guid.CreateVersion7(now),
            Scope = Granted(grant.Scope, grant.Roles),
            Roles = grant.Roles,
            IssuedAt = issuedAt,
            ExpiresAt = expiresAt,
            AuthenticatedAt = WholeSeconds(grant.AuthenticatedAt),
        };
        return new TokenAnswer(
            access.Mint(keys.Current.Signer),
            new RefreshToken(grant.SessionId, grant.Generation).Mint(refreshKeys.Current),
            "bearer",
            (long)(expiresAt - issuedAt).TotalSeconds,
            Math.Max(0, (long)(grant.RefreshUntil - now).TotalSeconds));
    }

    private static DateTimeOffset WholeSeconds(DateTimeOffset moment) => DateTimeOffset.FromUnixTimeSeconds(moment.ToUnixTimeSeconds());
}

/// <summary>The answer of a sign-in or a refresh (RFC 6749 §5.1).</summary>
/// <param name="ExpiresIn">Life of the access token, in seconds.</param>
/// <param name="RefreshExpiresIn">Seconds until the refresh token is refused if it is not used.</param>
internal sealed record TokenAnswer(string AccessToken, string RefreshToken, string TokenType, long ExpiresIn, long RefreshExpiresIn);
