using System.Diagnostics.CodeAnalysis;

namespace Avouch.Protocol;

/// <summary>
/// The claims of an access token (RFC 9068 §2.2), and those by which Avouch takes it back: <c>sid</c> and <c>epoch</c>. Times are whole
/// seconds: a fraction is cut off when the token is made.
/// </summary>
public sealed record AccessToken
{
    /// <summary>The <c>typ</c> of every access token (RFC 9068 §2.1), and of no other.</summary>
    public const string Type = "at+jwt";

    /// <summary>Seconds that the issuer's clock may be ahead of the reader's. Nothing is added to <c>exp</c>.</summary>
    public const int ClockTolerance = 60;

    /// <summary><c>iss</c>: compared character by character.</summary>
    public required string Issuer { get; init; }

    /// <summary><c>sub</c>: the user's id, or the client's where it acts for itself.</summary>
    public required Guid Subject { get; init; }

    /// <summary><c>aud</c>: a string on the wire if there is one, an array if there are several; never empty.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary><c>client_id</c>.</summary>
    public required string ClientId { get; init; }

    /// <summary><c>sid</c>: the session that the token lives and dies with.</summary>
    public required Guid SessionId { get; init; }

    /// <summary><c>epoch</c>: the user's number when the token was made; below the present one, the token is dead.</summary>
    public required long Epoch { get; init; }

    /// <summary><c>jti</c>.</summary>
    public required Guid TokenId { get; init; }

    /// <summary><c>scope</c>; absent on the wire where it is empty (RFC 6749 §3.3 has no empty scope).</summary>
    public required Scope Scope { get; init; }

    /// <summary><c>roles</c>: names; what they permit is known elsewhere.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary><c>iat</c>.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary><c>exp</c>: the first second at which the token is refused.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary><c>auth_time</c>: when the user last proved who they are (RFC 9068 §2.2.1); null where nobody did.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>Whether <c>aud</c> holds it. RFC 9068 §4: a resource server must ask.</summary>
    public bool HasAudience(string audience)
    {
        for (var i = 0; i < Audiences.Count; i++)
            if (string.Equals(Audiences[i], audience, StringComparison.Ordinal)) return true;
        return false;
    }

    /// <summary>Signs the claims.</summary>
    /// <exception cref="ArgumentException">A claim that <see cref="TryVerify"/> would refuse, or more than <see cref="Jws.MaxLength"/>
    /// characters in all.</exception>
    public string Mint(SigningKey key) => AccessTokenWriter.Mint(this, key);

    /// <summary>
    /// Reads a token that one of the keys signed for this issuer and that is valid at <paramref name="now"/>. The signature is checked
    /// before any claim is parsed. Whether the token is for the caller (<see cref="HasAudience"/>) and has not been taken back is the
    /// caller's to ask.
    /// </summary>
    public static bool TryVerify(
        ReadOnlySpan<char> token, KeyRing keys, string issuer, DateTimeOffset now,
        [NotNullWhen(true)] out AccessToken? verified, out TokenFault fault)
    {
        fault = AccessTokenReader.Read(token, keys, issuer, now, out verified);
        if (fault != TokenFault.None) verified = null;
        return fault == TokenFault.None;
    }
}
