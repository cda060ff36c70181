using System.Text.Json;

namespace Avouch.Protocol;

/// <summary>
/// What an OAuth endpoint refuses with: a code of RFC 6749 §4.1.2.1 or §5.2, and a sentence for the developer who reads it. The description
/// keeps to the characters allowed there, whoever wrote it.
/// </summary>
public sealed record OAuthError
{
    private OAuthError(string code, string description) => (Code, Description) = (code, QuotedText.Of(description));

    /// <summary><c>error</c>.</summary>
    public string Code { get; }

    /// <summary><c>error_description</c>.</summary>
    public string Description { get; }

    /// <summary>The status of the token endpoint's answer: 401 for a client that did not prove who it is, 400 otherwise (§5.2).</summary>
    public int StatusCode => Code == "invalid_client" ? 401 : 400;

    /// <summary>A parameter is missing, doubled or of a wrong form.</summary>
    public static OAuthError InvalidRequest(string description) => new("invalid_request", description);

    /// <summary>The client is unknown or did not prove who it is.</summary>
    public static OAuthError InvalidClient(string description) => new("invalid_client", description);

    /// <summary>The code or refresh token is wrong, used, expired, revoked, or another client's.</summary>
    public static OAuthError InvalidGrant(string description) => new("invalid_grant", description);

    /// <summary>The client is known and may not ask for this.</summary>
    public static OAuthError UnauthorizedClient(string description) => new("unauthorized_client", description);

    /// <summary>Token endpoint only.</summary>
    public static OAuthError UnsupportedGrantType(string description) => new("unsupported_grant_type", description);

    /// <summary>The scope is unknown, malformed, or more than was granted.</summary>
    public static OAuthError InvalidScope(string description) => new("invalid_scope", description);

    /// <summary>Authorization endpoint only.</summary>
    public static OAuthError UnsupportedResponseType(string description) => new("unsupported_response_type", description);

    /// <summary>Authorization endpoint only: the user or the server said no.</summary>
    public static OAuthError AccessDenied(string description) => new("access_denied", description);

    /// <summary>The body of the token endpoint's answer (§5.2).</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("error"u8, Code);
        json.WriteString("error_description"u8, Description);
        json.WriteEndObject();
    }
}
