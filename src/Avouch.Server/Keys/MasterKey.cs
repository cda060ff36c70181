using System.Security.Cryptography;
using System.Text;
using Avouch.Protocol;

namespace Avouch.Server.Keys;

/// <summary>
/// The one secret that everything else is derived from (HKDF, RFC 5869), a subkey for each purpose, so that none of them tells anything about
/// another. It never signs a token.
/// </summary>
internal sealed class MasterKey(byte[] key)
{
    private const int SubkeyBytes = 32;

    /// <summary>A value that tells a wrong key from the right one without telling anything else.</summary>
    public string CheckValue => Convert.ToHexStringLower(Derive("key-check").AsSpan(0, 16));

    /// <summary>Whether somebody gave the master key for something else.</summary>
    public bool Is(ReadOnlySpan<byte> other) => CryptographicOperations.FixedTimeEquals(key, other);

    /// <summary>The key under the MAC of refresh tokens. Its id says which master key a token was made with.</summary>
    public RefreshKey ToRefreshKey() => ToTokenKey("refresh-token");

    /// <summary>The key under the MAC of device tokens.</summary>
    public RefreshKey ToDeviceKey() => ToTokenKey("device-token");

    /// <summary>The key under the MAC of the cookie of our pages.</summary>
    public RefreshKey ToPageKey() => ToTokenKey("page-token");

    /// <summary>The key under the MAC of the forms of our pages.</summary>
    public RefreshKey ToFormKey() => ToTokenKey("form-token");

    private RefreshKey ToTokenKey(string purpose)
    {
        var subkey = Derive(purpose);
        return new RefreshKey(SHA256.HashData(subkey)[0], subkey);
    }

    /// <summary>Seals a private key for storage: AES-256-GCM, bound to the name under which it is stored.</summary>
    public byte[] Seal(ReadOnlySpan<byte> secret, string name)
    {
        var sealedBytes = new byte[Nonce + secret.Length + Tag];
        var nonce = sealedBytes.AsSpan(0, Nonce);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(Derive("private-keys"), Tag);
        aes.Encrypt(nonce, secret, sealedBytes.AsSpan(Nonce, secret.Length), sealedBytes.AsSpan(Nonce + secret.Length), Encoding.UTF8.GetBytes(name));
        return sealedBytes;
    }

    /// <summary>False where it was sealed with another key or under another name, or has been changed.</summary>
    public bool TryOpen(ReadOnlySpan<byte> sealedBytes, string name, out byte[] secret)
    {
        secret = new byte[Math.Max(0, sealedBytes.Length - Nonce - Tag)];
        if (sealedBytes.Length < Nonce + Tag) return false;
        using var aes = new AesGcm(Derive("private-keys"), Tag);
        try
        {
            aes.Decrypt(sealedBytes[..Nonce], sealedBytes[Nonce..^Tag], sealedBytes[^Tag..], secret, Encoding.UTF8.GetBytes(name));
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;   // the only way in which AES-GCM says no
        }
    }

    private const int Nonce = 12;
    private const int Tag = 16;

    private byte[] Derive(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, key, SubkeyBytes, salt: null, Encoding.UTF8.GetBytes("avouch/v1/" + purpose));
}
