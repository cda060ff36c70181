using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Avouch.Server.Passwords;

/// <summary>
/// Firebase's scrypt: the derived key encrypts the project's signer key, and the ciphertext is the hash. Firebase exports a project's parameters
/// apart from its users; here they stand in each text, in the form that Supabase takes too:
/// <c>$fbscrypt$v=1,n=MEM_COST,r=ROUNDS,p=1,ss=SALT_SEPARATOR,sk=SIGNER_KEY$SALT$HASH</c>, everything in base64 as it was exported.
/// </summary>
internal sealed record FirebaseHash(ScryptParameters Parameters, ReadOnlyMemory<byte> Salt, ReadOnlyMemory<byte> SignerKey, ReadOnlyMemory<byte> Tag) : StoredHash
{
    private const int AesKeyBytes = 32;
    private const int AesBlockBytes = 16;

    public override HashWork Work => Parameters.Work;

    /// <summary>Reads <c>v=1,n=14,…$salt$hash</c>, split at the dollars.</summary>
    public static ParsedHash Parse(string[] parts)
    {
        if (parts is not [var head, var saltText, var tagText]) return Malformed();
        if (head.Split(',') is not ["v=1", var n, var r, var p, var ss, var sk]) return Malformed();
        if (!HashText.TryReadNumber(n, "n=", out int log) || log is < 1 or > 30) return Malformed();
        if (!HashText.TryReadNumber(r, "r=", out int size) || !HashText.TryReadNumber(p, "p=", out int lanes)) return Malformed();
        if (!ss.StartsWith("ss=", StringComparison.Ordinal) || !sk.StartsWith("sk=", StringComparison.Ordinal)) return Malformed();
        if (HashText.ReadBase64(Plain(saltText)) is not { } salt || HashText.ReadBase64(Plain(ss[3..])) is not { } separator) return Malformed();
        if (HashText.ReadBase64(Plain(sk[3..])) is not { Length: >= AesKeyBytes and <= 128 } signerKey) return Malformed();
        if (HashText.ReadBase64(Plain(tagText)) is not { } tag || tag.Length != signerKey.Length) return Malformed();

        ScryptParameters parameters = new(1 << log, size, lanes);
        if (ScryptHash.FindFault(parameters) is { } fault) return ParsedHash.Refused(fault);
        return new FirebaseHash(parameters, (byte[])[.. salt, .. separator], signerKey, tag);
    }

    public override bool Matches(TypedPassword typed, HashBench bench)
    {
        byte[] key = GC.AllocateUninitializedArray<byte>(AesKeyBytes, pinned: true);
        Span<byte> tag = stackalloc byte[Tag.Length];
        Scrypt.Derive(Parameters, typed.Bytes, Salt.Span, key, bench);
        Encrypt(key, SignerKey.Span, tag);
        CryptographicOperations.ZeroMemory(key);
        return CryptographicOperations.FixedTimeEquals(tag, Tag.Span);
    }

    // AES-256 in counter mode from zero (NIST SP 800-38A §6.5), which the framework has only as single blocks.
    private static void Encrypt(byte[] key, ReadOnlySpan<byte> text, Span<byte> output)
    {
        using Aes aes = Aes.Create();
        aes.SetKey(key);
        Span<byte> counter = stackalloc byte[AesBlockBytes];
        Span<byte> stream = stackalloc byte[AesBlockBytes];
        counter.Clear();
        for (int i = 0; i < text.Length; i++)
        {
            if (i % AesBlockBytes == 0)
            {
                BinaryPrimitives.WriteInt32BigEndian(counter[12..], i / AesBlockBytes);
                aes.EncryptEcb(counter, stream, PaddingMode.None);
            }
            output[i] = (byte)(text[i] ^ stream[i % AesBlockBytes]);
        }
    }

    private static string Plain(string urlSafe) => urlSafe.Replace('-', '+').Replace('_', '/'); // the Admin SDK writes this alphabet, auth:export the usual one

    private static ParsedHash Malformed() => ParsedHash.Refused(
        "It is not a Firebase hash as it should be written: $fbscrypt$v=1,n=…,r=…,p=1,ss=…,sk=…$salt$hash, with the project's parameters from the Firebase console.");
}
