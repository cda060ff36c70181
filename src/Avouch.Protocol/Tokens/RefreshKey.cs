using System.Security.Cryptography;

namespace Avouch.Protocol;

/// <summary>A key that makes and checks refresh tokens: a subkey of the master key, and the number it goes by inside tokens.</summary>
public sealed class RefreshKey
{
    /// <summary>Bytes of the key.</summary>
    public const int Length = 32;

    private readonly byte[] key;

    /// <exception cref="ArgumentException">The key is not <see cref="Length"/> bytes.</exception>
    public RefreshKey(byte id, ReadOnlySpan<byte> key)
    {
        if (key.Length != Length) throw new ArgumentException($"A refresh key has {Length} bytes.", nameof(key));
        Id = id;
        this.key = key.ToArray();
    }

    /// <summary>The number by which a token says who made it.</summary>
    public byte Id { get; }

    internal void Authenticate(ReadOnlySpan<byte> message, Span<byte> mac) => HMACSHA256.HashData(key, message, mac);

    internal bool IsMacOf(ReadOnlySpan<byte> message, ReadOnlySpan<byte> mac)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Authenticate(message, expected);
        return CryptographicOperations.FixedTimeEquals(expected, mac);
    }
}

/// <summary>
/// The current refresh key, and the ones before it that are still believed while the master key is being exchanged. Immutable.
/// </summary>
public sealed class RefreshKeys
{
    private readonly RefreshKey[] all;

    /// <summary>Numbers are derived from keys, so two of the keys may have the same one.</summary>
    public RefreshKeys(RefreshKey current, params ReadOnlySpan<RefreshKey> previous) => all = [current, .. previous];

    /// <summary>The key that new tokens are made with.</summary>
    public RefreshKey Current => all[0];

    /// <summary>Reads the bytes of a token of one form: <c>prefix base64url(version ‖ key id ‖ … ‖ MAC)</c>; false for anything that none of the keys made.</summary>
    /// <param name="bound">What the MAC covers beside the bytes, and does not stand in the token.</param>
    internal bool TryRead(ReadOnlySpan<char> text, string prefix, byte version, Span<byte> bytes, ReadOnlySpan<byte> bound = default)
    {
        if (text.Length != prefix.Length + Base64UrlStrict.EncodedLength(bytes.Length)) return false;
        if (!text.StartsWith(prefix, StringComparison.Ordinal)) return false;
        if (!Base64UrlStrict.TryDecode(text[prefix.Length..], bytes, out _)) return false;
        if (bytes[0] != version) return false;
        var macAt = bytes.Length - HMACSHA256.HashSizeInBytes;
        if (bound.IsEmpty) return IsMacOf(bytes[1], bytes[..macAt], bytes[macAt..]);
        Span<byte> message = stackalloc byte[macAt + bound.Length];
        bytes[..macAt].CopyTo(message);
        bound.CopyTo(message[macAt..]);
        return IsMacOf(bytes[1], message, bytes[macAt..]);
    }

    /// <summary>Whether one of the keys that go by this number made the MAC.</summary>
    private bool IsMacOf(byte id, ReadOnlySpan<byte> message, ReadOnlySpan<byte> mac)
    {
        foreach (var key in all)
            if (key.Id == id && key.IsMacOf(message, mac)) return true;
        return false;
    }
}
