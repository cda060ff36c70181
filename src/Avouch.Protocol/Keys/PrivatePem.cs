using System.Security.Cryptography;

namespace Avouch.Protocol;

/// <summary>The one private key of a PEM text (RFC 7468). Text around the sections is a comment, as there.</summary>
internal static class PrivatePem
{
    public static SigningKey Read(JwsAlgorithm algorithm, ReadOnlySpan<char> pem)
    {
        SigningKey? key = null;
        while (PemEncoding.TryFind(pem, out var section))
        {
            var label = pem[section.Label];
            if (label is not "EC PARAMETERS") // openssl ecparam writes the curve's name before the key, which names it again
            {
                if (key is not null) throw new CryptographicException("The PEM text holds more than one section.");
                key = Read(algorithm, label, pem[section.Base64Data], section.DecodedDataLength);
            }
            pem = pem[section.Location.End..];
        }
        return key ?? throw new CryptographicException("The text holds no PEM section.");
    }

    private static SigningKey Read(JwsAlgorithm algorithm, ReadOnlySpan<char> label, ReadOnlySpan<char> base64, int length)
    {
        var form = FormOf(label);
        var der = new byte[length];
        try
        {
            if (!Convert.TryFromBase64Chars(base64, der, out _)) throw new CryptographicException("The PEM section is not base64.");
            return PrivateKeyBytes.Read(algorithm, form, der);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
        }
    }

    private static PrivateKeyForm FormOf(ReadOnlySpan<char> label) => label switch
    {
        "PRIVATE KEY" => PrivateKeyForm.Pkcs8,
        "EC PRIVATE KEY" => PrivateKeyForm.Sec1,
        "RSA PRIVATE KEY" => PrivateKeyForm.Pkcs1,
        "ENCRYPTED PRIVATE KEY" => throw new CryptographicException("The private key is encrypted; give it without a passphrase."),
        _ => throw new CryptographicException($"A section \"{label}\" is not a private key."),
    };
}
