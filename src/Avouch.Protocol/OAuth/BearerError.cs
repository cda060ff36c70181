using System.Text;

namespace Avouch.Protocol;

/// <summary>
/// Values of the <c>WWW-Authenticate</c> header (RFC 6750 §3). What goes between quotes cannot leave them, whoever wrote it.
/// </summary>
public static class BearerError
{
    /// <summary>For a request without credentials: no error is named (RFC 6750 §3.1).</summary>
    public static string NoToken(string realm) => Challenge(realm, null, null, default);

    /// <summary>For a request that is not well-formed: 400.</summary>
    public static string InvalidRequest(string realm, string description) => Challenge(realm, "invalid_request", description, default);

    /// <summary>For a token that is expired, revoked, malformed or otherwise wrong: 401.</summary>
    public static string InvalidToken(string realm, string description) => Challenge(realm, "invalid_token", description, default);

    /// <inheritdoc cref="InvalidToken(string, string)"/>
    public static string InvalidToken(string realm, TokenFault fault) => InvalidToken(realm, fault.Sentence());

    /// <summary>For a valid token that may not do this: 403, with the scope that could.</summary>
    public static string InsufficientScope(string realm, string description, Scope required) =>
        Challenge(realm, "insufficient_scope", description, required);

    /// <summary>For a valid token whose sign-in is too long ago for this: 401, with the age that would do (RFC 9470 §3).</summary>
    public static string InsufficientAuthentication(string realm, string description, TimeSpan maxAge)
    {
        var value = new StringBuilder(Challenge(realm, "insufficient_user_authentication", description, default)).Append(", ");
        Append(value, "max_age", ((long)maxAge.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture));
        return value.ToString();
    }

    private static string Challenge(string realm, string? error, string? description, Scope scope)
    {
        var value = new StringBuilder("Bearer ");
        Append(value, "realm", realm);
        if (error is not null) Append(value.Append(", "), "error", error);
        if (description is not null) Append(value.Append(", "), "error_description", description);
        if (!scope.IsEmpty) Append(value.Append(", "), "scope", scope.ToString());
        return value.ToString();
    }

    private static void Append(StringBuilder value, string name, string text) =>
        value.Append(name).Append("=\"").Append(QuotedText.Of(text)).Append('"');
}
