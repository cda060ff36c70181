using Avouch.Server.Settings;
using Avouch.Server.Tls;

namespace Avouch.Server.Cli.Checks;

/// <summary>The certificate of a server that ends TLS itself: whether it can be used, for how long, and for which name.</summary>
internal static class TlsChecks
{
    public const string Area = "tls";

    private const string Remedy = "Put a new one into the same files; a running server takes it within half a minute.";

    /// <summary>Less than that, and whatever should have replaced it has missed several turns.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromDays(14);

    public static IEnumerable<Finding> Find(ServerSettings server, DateTimeOffset now)
    {
        if (server.Tls is not { } tls) yield break;
        var (certificate, fault) = Load(tls);
        if (certificate is null)
        {
            yield return fault!;
            yield break;
        }
        yield return OfTime(certificate, tls.CertificateFile, now);
        if (server.PublicUrl is { } url && UrlRules.IsHttps(url) && !certificate.Leaf.MatchesHostname(new Uri(url).IdnHost))
            yield return Finding.Warning(Area, $"The certificate {tls.CertificateFile} is not for {new Uri(url).IdnHost}, the host of AVOUCH_PUBLIC_URL: browsers refuse it, unless a proxy stands between.", "Have one issued for that name, or correct AVOUCH_PUBLIC_URL.");
    }

    private static Finding OfTime(ServerCertificate certificate, string file, DateTimeOffset now)
    {
        if (now < certificate.Begin) return Finding.Warning(Area, $"The certificate {file} is valid only from {certificate.Begin:u} on: clients refuse it until then.", "Look at this machine's clock, or put one into the same files that is valid now.");
        if (now >= certificate.End) return Finding.Warning(Area, $"The certificate {file} has expired, at {certificate.End:u}: clients refuse it.", Remedy);
        if (now >= certificate.End - Short) return Finding.Warning(Area, $"The certificate {file} expires at {certificate.End:u}.", Remedy);
        return Finding.Ok(Area, $"certificate {file}, valid until {certificate.End:u}");
    }

    private static (ServerCertificate? Certificate, Finding? Fault) Load(TlsSettings tls)
    {
        try
        {
            return (ServerCertificate.Load(tls), null);
        }
        catch (StartException fault)
        {
            return (null, Finding.Fault(Area, fault.Reason, fault.Remedy));
        }
    }
}
