using System.Security.Cryptography;

namespace Avouch.Protocol;

/// <summary>How a private key is laid out in DER.</summary>
internal enum PrivateKeyForm
{
    /// <summary>RFC 5958, any kind of key.</summary>
    Pkcs8,

    /// <summary>RFC 5915, elliptic curves.</summary>
    Sec1,

    /// <summary>RFC 8017 appendix A.1.2, RSA.</summary>
    Pkcs1,
}

/// <summary>DER to a key for an algorithm, by way of the platform, which takes more than we do: what it read is checked again.</summary>
internal static class PrivateKeyBytes
{
    public static SigningKey Read(JwsAlgorithm algorithm, PrivateKeyForm form, ReadOnlySpan<byte> der) => algorithm switch
    {
        JwsAlgorithm.ES256 => ReadEcdsa(EcdsaScheme.ES256, form, der),
        JwsAlgorithm.ES384 => ReadEcdsa(EcdsaScheme.ES384, form, der),
        JwsAlgorithm.RS256 => ReadRsa(RsaScheme.RS256, form, der),
        JwsAlgorithm.PS256 => ReadRsa(RsaScheme.PS256, form, der),
        _ => throw new CryptographicException($"{algorithm.Name()} has no private key."),
    };

    private static EcdsaSigningKey ReadEcdsa(EcdsaScheme scheme, PrivateKeyForm form, ReadOnlySpan<byte> der)
    {
        using var key = ECDsa.Create();
        RequireAll(ImportEcdsa(key, form, der), der);
        return new EcdsaSigningKey(scheme, key);
    }

    private static int ImportEcdsa(ECDsa key, PrivateKeyForm form, ReadOnlySpan<byte> der)
    {
        var read = 0;
        try
        {
            if (form == PrivateKeyForm.Pkcs8) key.ImportPkcs8PrivateKey(der, out read);
            if (form == PrivateKeyForm.Sec1) key.ImportECPrivateKey(der, out read);
            return read;
        }
        catch (PlatformNotSupportedException fault) // also where it is not the curve that is wrong, but a number
        {
            throw new CryptographicException("The curve of the key is not supported, or a number is out of range.", fault);
        }
    }

    private static RsaSigningKey ReadRsa(RsaScheme scheme, PrivateKeyForm form, ReadOnlySpan<byte> der)
    {
        using var key = RSA.Create();
        var read = 0;
        if (form == PrivateKeyForm.Pkcs8) key.ImportPkcs8PrivateKey(der, out read);
        if (form == PrivateKeyForm.Pkcs1) key.ImportRSAPrivateKey(der, out read);
        RequireAll(read, der);
        return new RsaSigningKey(scheme, key);
    }

    private static void RequireAll(int read, ReadOnlySpan<byte> der)
    {
        if (read == 0) throw new CryptographicException("The key is of another kind than the algorithm.");
        if (read != der.Length) throw new CryptographicException("Other bytes follow the private key.");
    }
}
