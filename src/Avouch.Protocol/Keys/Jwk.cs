using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Avouch.Protocol;

/// <summary>
/// A public JSON Web Key (RFC 7517): an <see cref="EcJwk"/> or an <see cref="RsaJwk"/>, and what it is called and for. There is no member
/// for a secret, so none can be published by mistake.
/// </summary>
public abstract record Jwk
{
    private protected Jwk() { }

    /// <summary><c>kty</c>.</summary>
    public abstract string KeyType { get; }

    /// <summary><c>kid</c>, or null where the publisher gave none.</summary>
    public string? KeyId { get; init; }

    /// <summary><c>alg</c>, or null.</summary>
    public string? Algorithm { get; init; }

    /// <summary><c>use</c>: <c>sig</c> or null.</summary>
    public string? Use { get; init; }

    /// <summary>
    /// Reads a key for checking signatures. Refused, with a plain reason: a private or symmetric key, a kind or curve Avouch has no
    /// algorithm for, an <c>alg</c>, <c>use</c> or <c>key_ops</c> that says otherwise, an RSA key without <c>alg</c>, coordinates of a wrong
    /// length, a point not on the curve (RFC 8725 §3.4), an RSA key that is too short, too long or broken.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> json, [NotNullWhen(true)] out Jwk? jwk, [NotNullWhen(false)] out string? reason)
    {
        using var document = JwkReader.TryOpen(json);
        (jwk, reason) = document is null
            ? (null, "The key is not one JSON object with unique members.")
            : JwkReader.Read(document.RootElement);
        return jwk is not null;
    }

    /// <summary>The key, named by its <c>kid</c> or else by its thumbprint.</summary>
    /// <exception cref="CryptographicException">Not a key that <see cref="TryParse"/> would accept.</exception>
    public abstract VerificationKey ToVerificationKey();

    /// <summary>
    /// The SHA-256 thumbprint of RFC 7638 §3, base64url: the required members, in order of their names, without white space.
    /// </summary>
    public abstract string Thumbprint();

    /// <summary>Writes the key as one JSON object.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("kty"u8, KeyType);
        WriteNumbers(json);
        if (KeyId is not null) json.WriteString("kid"u8, KeyId);
        if (Algorithm is not null) json.WriteString("alg"u8, Algorithm);
        if (Use is not null) json.WriteString("use"u8, Use);
        json.WriteEndObject();
    }

    private protected abstract void WriteNumbers(Utf8JsonWriter json);

    // RFC 7638 §3.2. It stands in every header, so it lets anybody test a guess of the secret, as any token of that key does (§7): hence
    // random secrets.
    internal static string SymmetricThumbprint(ReadOnlySpan<byte> secret) =>
        ThumbprintOf($$"""{"k":"{{Base64UrlStrict.Encode(secret)}}","kty":"oct"}""");

    internal static string ThumbprintOf(string canonical) => Base64UrlStrict.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
}
