using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Avouch.Protocol;

/// <summary>
/// Claims to text. One writer and its buffer per thread are kept, so that a token costs hardly more memory than its string.
/// </summary>
internal static class AccessTokenWriter
{
    // Relaxed: "+" in at+jwt and "&" in an issuer stay readable; the text is never put into HTML.
    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? writer;

    public static string Mint(AccessToken token, SigningKey key)
    {
        RequireClaims(token);
        var json = Begin();
        Write(json, token);
        return Jws.Compose(key, key.AccessTokenHeader, End(json));
    }

    /// <summary>The header as its segment, dot included. Nothing in it needs escaping: a key's own name is base64url.</summary>
    public static byte[] EncodeHeader(SigningKey key)
    {
        var header = Encoding.ASCII.GetBytes($$"""{"alg":"{{key.Algorithm.Name()}}","kid":"{{key.KeyId}}","typ":"{{AccessToken.Type}}"}""");
        return Jws.EncodeSegment(header, new byte[Base64UrlStrict.EncodedLength(header.Length) + 1]).ToArray();
    }

    // A token that its own reader refuses would be found out by users, one by one; better here and at once.
    private static void RequireClaims(AccessToken token)
    {
        ArgumentException.ThrowIfNullOrEmpty(token.Issuer);
        ArgumentException.ThrowIfNullOrEmpty(token.ClientId);
        ArgumentOutOfRangeException.ThrowIfZero(token.Audiences.Count);
        ArgumentOutOfRangeException.ThrowIfNegative(token.Epoch);
        foreach (var audience in token.Audiences) ArgumentException.ThrowIfNullOrEmpty(audience);
        foreach (var role in token.Roles) ArgumentException.ThrowIfNullOrEmpty(role);
    }

    private static void Write(Utf8JsonWriter json, AccessToken token)
    {
        json.WriteStartObject();
        json.WriteString("iss"u8, token.Issuer);
        json.WriteString("sub"u8, token.Subject);
        if (token.Audiences.Count == 1) json.WriteString("aud"u8, token.Audiences[0]);
        else WriteArray(json, "aud"u8, token.Audiences);
        json.WriteString("client_id"u8, token.ClientId);
        json.WriteString("sid"u8, token.SessionId);
        json.WriteNumber("epoch"u8, token.Epoch);
        json.WriteString("jti"u8, token.TokenId);
        if (!token.Scope.IsEmpty) json.WriteString("scope"u8, token.Scope.ToString());
        WriteArray(json, "roles"u8, token.Roles);
        json.WriteNumber("iat"u8, token.IssuedAt.ToUnixTimeSeconds());
        json.WriteNumber("exp"u8, token.ExpiresAt.ToUnixTimeSeconds());
        if (token.AuthenticatedAt is { } authenticated) json.WriteNumber("auth_time"u8, authenticated.ToUnixTimeSeconds());
        json.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        for (var i = 0; i < texts.Count; i++) json.WriteStringValue(texts[i]);
        json.WriteEndArray();
    }

    private static Utf8JsonWriter Begin()
    {
        buffer ??= new ArrayBufferWriter<byte>(1024);
        buffer.ResetWrittenCount();
        writer ??= new Utf8JsonWriter(buffer, Options);
        writer.Reset(buffer); // also forgets a half-written token, if the last one threw
        return writer;
    }

    private static ReadOnlySpan<byte> End(Utf8JsonWriter json)
    {
        json.Flush();
        return buffer!.WrittenSpan;
    }
}
