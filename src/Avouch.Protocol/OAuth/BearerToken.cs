using System.Buffers;

namespace Avouch.Protocol;

/// <summary>The bearer token of an <c>Authorization</c> header (RFC 6750 §2.1, RFC 9110 §11.4).</summary>
public static class BearerToken
{
    private const string Scheme = "Bearer";

    private static readonly SearchValues<char> TokenChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/");

    /// <summary>
    /// Reads <c>Bearer 1*SP b64token</c>; the scheme's case does not matter. False where the header is missing, has another scheme, or is
    /// not exactly that: a tab, a second token or a list of credentials is not a token.
    /// </summary>
    public static bool TryRead(string? header, out ReadOnlySpan<char> token)
    {
        token = default;
        var rest = header.AsSpan();
        if (!rest.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;

        rest = rest[Scheme.Length..];
        var candidate = rest.TrimStart(' ');
        if (candidate.Length == rest.Length || !IsToken(candidate)) return false;

        token = candidate;
        return true;
    }

    // b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
    private static bool IsToken(ReadOnlySpan<char> text)
    {
        var unpadded = text.TrimEnd('=');
        return !unpadded.IsEmpty && !unpadded.ContainsAnyExcept(TokenChars);
    }
}
