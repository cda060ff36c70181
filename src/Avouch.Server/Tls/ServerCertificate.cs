using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Avouch.Server.Settings;

namespace Avouch.Server.Tls;

/// <summary>The certificate that the server shows, with its key and those that stand between it and its root: one immutable whole.</summary>
internal sealed class ServerCertificate
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";   // id-kp-serverAuth, RFC 5280 §4.2.1.12

    private const int LeastRsaBits = 2048;

    private ServerCertificate(X509Certificate2 leaf, X509Certificate2Collection between) =>
        (Leaf, Context) = (leaf, SslStreamCertificateContext.Create(leaf, between, offline: true));

    public X509Certificate2 Leaf { get; }

    public DateTimeOffset Begin => new(Leaf.NotBefore);

    public DateTimeOffset End => new(Leaf.NotAfter);

    /// <summary>What a handshake needs, made once: making it anew for each connection would leave out those in between.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <exception cref="StartException">A file is missing, cannot be read, or does not hold what it should.</exception>
    public static ServerCertificate Load(TlsSettings settings) => Of(CertificateFiles.Read(settings), settings);

    /// <exception cref="StartException">The files do not hold what they should.</exception>
    public static ServerCertificate Of(CertificateFiles files, TlsSettings settings)
    {
        try
        {
            var (leaf, between) = files.Certificate.IndexOf("-----BEGIN "u8) >= 0 ? OfPem(files, settings) : OfPfx(files, settings);
            Check(leaf, settings);
            return new ServerCertificate(leaf, between);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new StartException($"The certificate {settings.CertificateFile} cannot be used with the key in {settings.KeyFile}: {error.Message}", "Name the files that belong together, and set AVOUCH_TLS_PASSWORD if the key is locked.");
        }
    }

    private static (X509Certificate2 Leaf, X509Certificate2Collection Between) OfPem(CertificateFiles files, TlsSettings settings)
    {
        var (certificates, key) = (Encoding.UTF8.GetString(files.Certificate), Encoding.UTF8.GetString(files.Key));
        using var leaf = settings.Password is { } password ? X509Certificate2.CreateFromEncryptedPem(certificates, key, password) : X509Certificate2.CreateFromPem(certificates, key);
        var all = new X509Certificate2Collection();
        all.ImportFromPem(certificates);
        all[0].Dispose();
        all.RemoveAt(0);
        return (Usable(leaf), all);
    }

    private static (X509Certificate2 Leaf, X509Certificate2Collection Between) OfPfx(CertificateFiles files, TlsSettings settings)
    {
        var all = X509CertificateLoader.LoadPkcs12Collection(files.Certificate, settings.Password);
        var leaf = all.FirstOrDefault(one => one.HasPrivateKey) ?? throw new CryptographicException("It holds no private key.");
        all.Remove(leaf);
        return (leaf, all);
    }

    /// <summary>Windows cannot shake hands with a key that was only ever in memory.</summary>
    private static X509Certificate2 Usable(X509Certificate2 leaf) =>
        OperatingSystem.IsWindows() ? X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), null) : new X509Certificate2(leaf);

    private static void Check(X509Certificate2 leaf, TlsSettings settings)
    {
        if (leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is { } use && !use.EnhancedKeyUsages.OfType<Oid>().Any(one => one.Value == ServerUse))
            throw new StartException($"The certificate {settings.CertificateFile} is not for servers.", "Have one issued for server authentication.");
        using var rsa = leaf.GetRSAPublicKey();
        if (rsa is { KeySize: < LeastRsaBits }) throw new StartException($"The key of the certificate {settings.CertificateFile} has {rsa.KeySize} bits, and clients refuse fewer than {LeastRsaBits}.", "Have a certificate issued for a longer key, or for one on P-256.");
    }
}
