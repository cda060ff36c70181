using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Avouch.Protocol;

namespace Avouch.ResourceServer;

/// <summary>
/// A bounded cache of access tokens whose signature and claims were verified once. A hit costs a hash of the token's last characters and one
/// compare of the whole; nothing is locked and nothing is allocated.
/// </summary>
/// <remarks>
/// The slots form small sets; a newcomer takes the slot of its set that is free, or else the one that expires first. Only tokens that verified
/// enter, so nobody can fill the cache without credentials. Each entry remembers the key ring that it was verified against: when the keys
/// change, so that one of them may have been withdrawn, the entry no longer counts and the token is verified anew.
/// </remarks>
internal sealed class VerifiedTokenCache(int capacity)
{
    private const int Ways = 4;

    /// <summary>How much of the token's end is hashed: a part of the signature, which differs from token to token.</summary>
    private const int HashedTail = 32;

    private readonly Entry?[] slots = new Entry?[RoundUp(capacity)];

    private sealed record Entry(string Header, int Hash, KeyRing Keys, AccessToken Token);

    /// <summary>How many places are taken. Looks at each of them.</summary>
    public int Count => slots.Count(static slot => slot is not null);

    /// <summary>The token of an <c>Authorization</c> header that was seen before and verified with these very keys.</summary>
    public AccessToken? Find(string header, KeyRing keys)
    {
        var hash = Hash(header);
        foreach (var entry in SetOf(hash))
        {
            if (entry is null || entry.Hash != hash) continue;
            if (!ReferenceEquals(entry.Keys, keys)) continue;
            if (AreEqual(entry.Header, header)) return entry.Token;
        }
        return null;
    }

    public void Add(string header, KeyRing keys, AccessToken token)
    {
        var hash = Hash(header);
        var set = SetOf(hash);
        var victim = 0;
        for (var i = 0; i < set.Length; i++)
        {
            if (set[i] is not { } entry || !ReferenceEquals(entry.Keys, keys))
            {
                victim = i;
                break;
            }
            if (entry.Token.ExpiresAt < set[victim]!.Token.ExpiresAt) victim = i;
        }
        set[victim] = new Entry(header, hash, keys, token);
    }

    private Span<Entry?> SetOf(int hash) => slots.AsSpan(hash & (slots.Length - 1) & ~(Ways - 1), Ways);

    /// <summary>string.GetHashCode is keyed with a random secret of this process, so nobody outside can aim at one set.</summary>
    private static int Hash(string header) =>
        string.GetHashCode(header.Length > HashedTail ? header.AsSpan(header.Length - HashedTail) : header);

    /// <summary>
    /// Fixed time, so that an answer's speed tells nothing about a token that somebody else holds. All differences are gathered before any is looked
    /// at, like <see cref="CryptographicOperations.FixedTimeEquals"/> does byte by byte: for a token of 700 characters that costs as much as the rest of the check.
    /// </summary>
    private static bool AreEqual(string left, string right)
    {
        if (left.Length != right.Length) return false;
        var known = MemoryMarshal.Cast<char, ushort>(left);
        var sent = MemoryMarshal.Cast<char, ushort>(right);
        var whole = known.Length - known.Length % Vector<ushort>.Count;
        var differences = Vector<ushort>.Zero;
        for (var i = 0; i < whole; i += Vector<ushort>.Count)
            differences |= new Vector<ushort>(known[i..]) ^ new Vector<ushort>(sent[i..]);
        return CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(known[whole..]), MemoryMarshal.AsBytes(sent[whole..]))
            & differences == Vector<ushort>.Zero;
    }

    private static int RoundUp(int capacity) =>
        (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(capacity, Ways, 1 << 20));
}
