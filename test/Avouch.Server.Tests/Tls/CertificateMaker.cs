using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Avouch.Server.Tests.Tls;

/// <summary>A root, one certificate below it, and server certificates below that one, as real authorities issue them.</summary>
internal sealed class CertificateMaker : IDisposable
{
    private readonly X509Certificate2 between;
    private byte serial;

    public CertificateMaker()
    {
        Root = MakeAuthority("CN=Test Root", null);
        between = MakeAuthority("CN=Test Intermediate", Root);
    }

    public X509Certificate2 Root { get; }

    /// <summary>Those that a server sends with its own.</summary>
    public string ChainPem => between.ExportCertificatePem() + "\n";

    public X509Certificate2 Issue(DateTimeOffset? from = null, DateTimeOffset? to = null, string purpose = "1.3.6.1.5.5.7.3.1", RSA? rsa = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = rsa is null ? new CertificateRequest("CN=auth.example.test", key, HashAlgorithmName.SHA256) : new CertificateRequest("CN=auth.example.test", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("auth.example.test");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        var now = DateTimeOffset.UtcNow;
        using var bare = request.Create(between.SubjectName, X509SignatureGenerator.CreateForECDsa(between.GetECDsaPrivateKey()!), from ?? now.AddDays(-1), to ?? now.AddDays(90), [++serial]);
        return rsa is null ? bare.CopyWithPrivateKey(key) : bare.CopyWithPrivateKey(rsa);
    }

    public static string KeyPem(X509Certificate2 certificate) => certificate.GetECDsaPrivateKey() is { } key ? key.ExportPkcs8PrivateKeyPem() : certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem();

    public static string LockedKeyPem(X509Certificate2 certificate, string password) =>
        certificate.GetECDsaPrivateKey()!.ExportEncryptedPkcs8PrivateKeyPem(password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));

    public byte[] Pfx(X509Certificate2 certificate, string password) =>
        new X509Certificate2Collection { certificate, X509CertificateLoader.LoadCertificate(between.RawData) }.Export(X509ContentType.Pkcs12, password)!;

    public void Dispose()
    {
        between.Dispose();
        Root.Dispose();
    }

    private static X509Certificate2 MakeAuthority(string name, X509Certificate2? above)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = DateTimeOffset.UtcNow;
        if (above is null) return request.CreateSelfSigned(now.AddYears(-2), now.AddYears(10));
        using var bare = request.Create(above, now.AddYears(-2), now.AddYears(9), [77]);
        return bare.CopyWithPrivateKey(key);
    }
}
