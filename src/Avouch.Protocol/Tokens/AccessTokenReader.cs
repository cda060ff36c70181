namespace Avouch.Protocol;

/// <summary>Text to claims: first everything that can be known without believing a claim, then the claims.</summary>
internal static class AccessTokenReader
{
    public static TokenFault Read(ReadOnlySpan<char> token, KeyRing keys, string issuer, DateTimeOffset now, out AccessToken? read)
    {
        read = null;
        using var memory = new RentedMemory(Jws.MemoryFor(token));
        var fault = Jws.Verify(token, keys, "at+jwt"u8, memory.Span, out var payload);
        if (fault != TokenFault.None) return fault;

        var claims = new AccessTokenClaims(issuer);
        if (!StrictJson.TryReadObject(payload, ref claims)) return TokenFault.BadClaims;
        if (!claims.TryBuild(out read)) return TokenFault.BadClaims;
        if (!string.Equals(read.Issuer, issuer, StringComparison.Ordinal)) return TokenFault.WrongIssuer;
        return CheckTimes(read, claims.NotBefore, now);
    }

    private static TokenFault CheckTimes(AccessToken token, DateTimeOffset? notBefore, DateTimeOffset now)
    {
        var latest = now.AddSeconds(AccessToken.ClockTolerance);
        if (token.ExpiresAt <= now) return TokenFault.Expired;
        if (token.IssuedAt > latest) return TokenFault.NotYetValid;
        if (notBefore > latest) return TokenFault.NotYetValid;
        return TokenFault.None;
    }
}
