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
    private readonly RefreshKey?[] byId = new RefreshKey?[byte.MaxValue + 1];

    /// <exception cref="ArgumentException">Two keys have one number.</exception>
    public RefreshKeys(RefreshKey current, params ReadOnlySpan<RefreshKey> previous)
    {
        Current = current;
        foreach (var key in (ReadOnlySpan<RefreshKey>)[current, .. previous])
        {
            if (byId[key.Id] is not null) throw new ArgumentException($"Two refresh keys have the number {key.Id}.", nameof(previous));
            byId[key.Id] = key;
        }
    }

    /// <summary>The key that new tokens are made with.</summary>
    public RefreshKey Current { get; }

    /// <summary>The key of that number, or null.</summary>
    public RefreshKey? Find(byte id) => byId[id];
}
