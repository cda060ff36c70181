using System.Security.Cryptography;
using System.Text;
using Avouch.Protocol;
using Avouch.Server.Settings;

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
    public RefreshKey RefreshKey()
    {
        var subkey = Derive("refresh-token");
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

    /// <exception cref="CryptographicException">It was sealed with another key or under another name, or has been changed.</exception>
    public byte[] Open(ReadOnlySpan<byte> sealedBytes, string name)
    {
        if (sealedBytes.Length < Nonce + Tag) throw new CryptographicException("A sealed private key is too short to be one.");
        var secret = new byte[sealedBytes.Length - Nonce - Tag];
        using var aes = new AesGcm(Derive("private-keys"), Tag);
        aes.Decrypt(sealedBytes[..Nonce], sealedBytes[Nonce..^Tag], sealedBytes[^Tag..], secret, Encoding.UTF8.GetBytes(name));
        return secret;
    }

    private const int Nonce = 12;
    private const int Tag = 16;

    private byte[] Derive(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, key, SubkeyBytes, salt: null, Encoding.UTF8.GetBytes("avouch/v1/" + purpose));

    /// <summary>The key of the settings, or that of the data folder, which the first start makes.</summary>
    public static MasterKey Load(ServerSettings settings)
    {
        if (settings.SecretKey is { } given) return new MasterKey(given);
        var path = Path.Combine(settings.DataFolder, "secret.key");
        if (!File.Exists(path)) Create(path);
        if (!SecretText.TryDecode(File.ReadAllText(path).Trim(), out var key) || key.Length < SecretText.MinBytes)
            throw new StartException($"{path} holds no usable key.", "Put the key back from a backup, or set AVOUCH_SECRET_KEY.");
        return new MasterKey(key);
    }

    /// <summary>Created exclusively and readable by its owner only: two starts at once cannot both make one.</summary>
    private static void Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretText.MinBytes)) + "\n"));
        file.Flush(flushToDisk: true);
    }
}
