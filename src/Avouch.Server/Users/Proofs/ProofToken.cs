using System.Security.Cryptography;
using Avouch.Protocol;

namespace Avouch.Server.Users;

/// <summary>
/// A single-use secret as it stands in a mailed link: <c>"avp_" base64url(256 random bits)</c>. It says nothing by itself: what it is good for, whose it
/// is and until when stands beside its hash. No class with a text form of its own, so that none is written by accident.
/// </summary>
internal sealed class ProofToken
{
    /// <summary>What secret scanners look for, and what tells it from a token of another kind.</summary>
    public const string Prefix = "avp_";

    private const int ByteLength = 32;

    private ProofToken(string text, ReadOnlySpan<byte> bytes) => (Text, Hash) = (text, SHA256.HashData(bytes));

    /// <summary>Characters of every such token.</summary>
    public static int TextLength { get; } = Prefix.Length + Base64UrlStrict.EncodedLength(ByteLength);

    public string Text { get; }

    /// <summary>What is stored.</summary>
    public byte[] Hash { get; }

    public static ProofToken Make()
    {
        var bytes = RandomNumberGenerator.GetBytes(ByteLength);
        return new ProofToken(Prefix + Base64UrlStrict.Encode(bytes), bytes);
    }

    /// <summary>Nothing for a text that we cannot have made: it ends here, before any query.</summary>
    public static ProofToken? Read(string? text)
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        if (text is null || text.Length != TextLength) return null;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        return Base64UrlStrict.TryDecode(text.AsSpan(Prefix.Length), bytes, out _) ? new ProofToken(text, bytes) : null;
    }
}
