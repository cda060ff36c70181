using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Authentication;
using Avouch.Server.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Avouch.Server.Tls;

/// <summary>How this server ends TLS where it has https addresses: 1.2 and 1.3, forward secrecy and authenticated encryption only (RFC 9325).</summary>
internal static class TlsRules
{
    public static void Use(WebApplicationBuilder builder, ServerSettings server)
    {
        if (server.Tls is not { } tls) return;
        builder.Services.AddSingleton(tls).AddSingleton<CertificateInForce>().AddHostedService(static services => services.GetRequiredService<CertificateInForce>());
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(static kestrel =>
        {
            var certificate = kestrel.ApplicationServices.GetRequiredService<CertificateInForce>();
            kestrel.ConfigureHttpsDefaults(https => Configure(https, certificate));
        });
    }

    private static void Configure(HttpsConnectionAdapterOptions https, CertificateInForce certificate)
    {
        var suites = OperatingSystem.IsLinux() ? Suites() : null;   // other systems have that in their own settings
        https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        https.ServerCertificateSelector = (_, _) => certificate.Current.Leaf;   // Kestrel asks for one beforehand; the handshake gets the whole chain
        https.OnAuthenticate = (_, handshake) =>
        {
            certificate.Show(handshake);
            if (OperatingSystem.IsLinux()) handshake.CipherSuitesPolicy = suites;
        };
    }

    [SupportedOSPlatform("linux")]
    private static CipherSuitesPolicy Suites() => new(
    [
        TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    ]);
}
