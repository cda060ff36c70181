using Avouch.Protocol;

namespace Avouch.ResourceServer;

/// <summary>
/// The check of an access token, as every request needs it: verified once and then remembered; time, session, epoch and key looked at on each
/// use. It never leaves the process, and it allocates nothing for a token that it has seen before.
/// </summary>
/// <param name="issuer">The only <c>iss</c> that counts (RFC 9068 §4).</param>
/// <param name="audience">The <c>aud</c> that must be among the token's (RFC 9068 §4).</param>
/// <param name="keys">The issuer's keys, as of now; <see cref="Keys"/> replaces them whole.</param>
/// <param name="revocations">What has been taken back.</param>
/// <param name="time">The clock.</param>
/// <param name="capacity">How many verified tokens are remembered; each takes about 2 KiB.</param>
public sealed class TokenCheck(string issuer, string audience, KeyRing keys, RevocationView revocations, TimeProvider time, int capacity = 16_384)
{
    private readonly VerifiedTokenCache cache = new(capacity);
    private readonly StripedCount hits = new();
    private readonly StripedCount misses = new();
    private volatile KeyRing keys = keys;

    /// <summary>How many tokens were found among the verified ones since the start: a figure for metrics.</summary>
    public long CacheHits => hits.Value;

    /// <summary>How many bearer tokens were not found among the verified ones, whatever came of them: a figure for metrics.</summary>
    public long CacheMisses => misses.Value;

    /// <summary>How many verified tokens are remembered: a figure for metrics.</summary>
    public int Remembered => cache.Count;

    /// <summary>The keys that count. Setting them makes every remembered token verify once more, so that a withdrawn key stops at once.</summary>
    public KeyRing Keys
    {
        get => keys;
        set => keys = value;
    }

    /// <summary>Checks the value of an <c>Authorization</c> header (RFC 6750 §2.1).</summary>
    /// <param name="authorization">The header as it came; <see langword="null"/> or empty where there was none.</param>
    public CheckedToken Check(string? authorization)
    {
        if (string.IsNullOrEmpty(authorization)) return CheckedToken.Missing;
        var keys = this.keys;
        var now = time.GetUtcNow();
        if (cache.Find(authorization, keys) is { } known)
        {
            hits.Add();
            return Judge(known, now);
        }
        if (!BearerToken.TryRead(authorization, out var text)) return CheckedToken.Missing;
        misses.Add();
        if (!AccessToken.TryVerify(text, keys, issuer, now, out var token, out var fault)) return CheckedToken.Refused(fault);
        if (!token.HasAudience(audience)) return CheckedToken.Refused(TokenFault.WrongAudience);
        cache.Add(authorization, keys, token);
        return Judge(token, now);
    }

    /// <summary>What can change from one use of a token to the next.</summary>
    private CheckedToken Judge(AccessToken token, DateTimeOffset now)
    {
        if (token.ExpiresAt <= now) return CheckedToken.Refused(TokenFault.Expired);
        var revocation = revocations.Find(token);
        return revocation.Kind == RevocationKind.None ? new CheckedToken(token, TokenFault.None, default) : new CheckedToken(null, TokenFault.None, revocation);
    }
}

/// <summary>The outcome of a check: a token that counts, or one reason why there is none.</summary>
/// <param name="Token">The verified token; <see langword="null"/> when it is refused.</param>
/// <param name="Fault">What is wrong with the token itself.</param>
/// <param name="Revocation">What took it back, where it is in order otherwise.</param>
public readonly record struct CheckedToken(AccessToken? Token, TokenFault Fault, Revocation Revocation)
{
    /// <summary>No bearer token was sent: the answer is a bare challenge, without an error code (RFC 6750 §3.1).</summary>
    public static CheckedToken Missing => default;

    /// <summary>Whether the request carried no bearer token at all.</summary>
    public bool IsMissing => Token is null && Fault == TokenFault.None && Revocation.Kind == RevocationKind.None;

    internal static CheckedToken Refused(TokenFault fault) => new(null, fault, default);
}
