using System.Collections.Frozen;
using System.Text;

namespace Avouch.Protocol;

/// <summary>The keys a verifier trusts, by <c>kid</c>: an immutable snapshot. When keys change, a new ring takes its place.</summary>
public sealed class KeyRing
{
    private const int MaxKeyIdLength = 256;

    private readonly FrozenDictionary<string, VerificationKey> keys;
    private readonly FrozenDictionary<string, VerificationKey>.AlternateLookup<ReadOnlySpan<char>> byText;

    /// <exception cref="ArgumentException">Two keys have the same <c>kid</c>.</exception>
    public KeyRing(params IEnumerable<VerificationKey> keys)
    {
        this.keys = keys.ToDictionary(key => key.KeyId, StringComparer.Ordinal).ToFrozenDictionary(StringComparer.Ordinal);
        byText = this.keys.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Trusts nothing.</summary>
    public static KeyRing Empty { get; } = new();

    /// <summary>All keys, in no order.</summary>
    public IReadOnlyList<VerificationKey> Keys => keys.Values;

    /// <summary>The key of that name, or null. Names are compared byte for byte (RFC 7515 §4.1.4).</summary>
    public VerificationKey? Find(string keyId) => keys.GetValueOrDefault(keyId);

    /// <summary>The key of that UTF-8 name, or null; allocates nothing.</summary>
    public VerificationKey? Find(ReadOnlySpan<byte> keyId)
    {
        if (keyId.Length > MaxKeyIdLength) return null;
        Span<char> text = stackalloc char[MaxKeyIdLength];
        return Encoding.UTF8.TryGetChars(keyId, text, out var length) && byText.TryGetValue(text[..length], out var key) ? key : null;
    }
}
