using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Avouch.Protocol;

/// <summary>The claims of a token whose signature holds, while they are read: each of its exact type, or the token is refused.</summary>
internal struct AccessTokenClaims(string expectedIssuer) : IMemberReader
{
    private string? issuer;
    private Guid? subject;
    private string[]? audiences;
    private string? clientId;
    private Guid? sessionId;
    private long? epoch;
    private Guid? tokenId;
    private Scope scope;
    private string[]? roles;
    private DateTimeOffset? issuedAt;
    private DateTimeOffset? expiresAt;
    private DateTimeOffset? authenticatedAt;

    public DateTimeOffset? NotBefore;

    bool IMemberReader.TryRead(scoped ReadOnlySpan<byte> name, scoped ref Utf8JsonReader value)
    {
        if (name.SequenceEqual("iss"u8)) return StrictJson.TryString(ref value, expectedIssuer, out issuer);
        if (name.SequenceEqual("sub"u8)) return StrictJson.TryGuid(ref value, out subject);
        if (name.SequenceEqual("aud"u8)) return TryAudiences(ref value);
        if (name.SequenceEqual("client_id"u8)) return StrictJson.TryString(ref value, "avouch", out clientId);
        if (name.SequenceEqual("sid"u8)) return StrictJson.TryGuid(ref value, out sessionId);
        if (name.SequenceEqual("epoch"u8)) return StrictJson.TryCount(ref value, out epoch);
        if (name.SequenceEqual("jti"u8)) return StrictJson.TryGuid(ref value, out tokenId);
        if (name.SequenceEqual("scope"u8)) return StrictJson.TryString(ref value, "", out var text) && Scope.TryParse(text, out scope);
        if (name.SequenceEqual("roles"u8)) return StrictJson.TryStrings(ref value, "", out roles);
        if (name.SequenceEqual("iat"u8)) return StrictJson.TryDate(ref value, out issuedAt);
        if (name.SequenceEqual("exp"u8)) return StrictJson.TryDate(ref value, out expiresAt);
        if (name.SequenceEqual("nbf"u8)) return StrictJson.TryDate(ref value, out NotBefore);
        if (name.SequenceEqual("auth_time"u8)) return StrictJson.TryDate(ref value, out authenticatedAt);

        value.Skip(); // RFC 7519 §4: claims that are not understood are ignored
        return true;
    }

    /// <summary>False where a required claim (RFC 9068 §2.2) is missing.</summary>
    public readonly bool TryBuild([NotNullWhen(true)] out AccessToken? token)
    {
        token = null;
        if (issuer is null || subject is null || audiences is not { Length: > 0 } || clientId is null) return false;
        if (sessionId is null || epoch is null || tokenId is null || roles is null) return false;
        if (issuedAt is null || expiresAt is null) return false;

        token = new AccessToken
        {
            Issuer = issuer,
            Subject = subject.Value,
            Audiences = audiences,
            ClientId = clientId,
            SessionId = sessionId.Value,
            Epoch = epoch.Value,
            TokenId = tokenId.Value,
            Scope = scope,
            Roles = roles,
            IssuedAt = issuedAt.Value,
            ExpiresAt = expiresAt.Value,
            AuthenticatedAt = authenticatedAt,
        };
        return true;
    }

    // RFC 7519 §4.1.3: a string, or an array of strings
    private bool TryAudiences(ref Utf8JsonReader value)
    {
        if (value.TokenType == JsonTokenType.StartArray) return StrictJson.TryStrings(ref value, expectedIssuer, out audiences);
        if (!StrictJson.TryString(ref value, expectedIssuer, out var one)) return false;
        audiences = [one];
        return true;
    }
}
