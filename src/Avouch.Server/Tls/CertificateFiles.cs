using Avouch.Server.Settings;

namespace Avouch.Server.Tls;

/// <summary>The bytes of the certificate's file and of its key's.</summary>
internal sealed record CertificateFiles(byte[] Certificate, byte[] Key)
{
    /// <exception cref="StartException">One of them is missing or cannot be read.</exception>
    public static CertificateFiles Read(TlsSettings settings)
    {
        var certificate = Read(settings.CertificateFile, "certificate", "AVOUCH_TLS_CERTIFICATE");
        return new CertificateFiles(certificate, settings.KeyFile == settings.CertificateFile ? certificate : Read(settings.KeyFile, "private key", "AVOUCH_TLS_KEY"));
    }

    public bool IsSame(CertificateFiles? other) => other is not null && Certificate.AsSpan().SequenceEqual(other.Certificate) && Key.AsSpan().SequenceEqual(other.Key);

    private static byte[] Read(string path, string what, string setting)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The file {path} of the {what} cannot be read ({error.Message})", $"Set {setting} to a file that is there and that this user may read.");
        }
    }
}
