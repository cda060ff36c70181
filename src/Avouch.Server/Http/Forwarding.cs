using System.Net;
using Avouch.Server.Settings;

namespace Avouch.Server.Http;

/// <summary>Present where one of our own proxies asked: the scheme that its client used, if it said so.</summary>
internal sealed record ProxyWord(string? Scheme);

/// <summary>
/// Who asks, and by which scheme, where a request came through our own proxies (AVOUCH_TRUSTED_PROXIES). Their headers are read from the end and as long
/// as the one who wrote an entry is trusted: what a client puts in front never counts. The host comes from no header, since nothing depends on it.
/// </summary>
internal sealed class Forwarding(IReadOnlyList<IPNetwork> trusted, UnknownProxy unknown)
{
    private const string For = "X-Forwarded-For";
    private const string Proto = "X-Forwarded-Proto";
    private const string Standard = "Forwarded";

    private readonly record struct Client(IPAddress Address, string? Scheme);

    public static void Use(IApplicationBuilder app, ServerSettings settings)
    {
        var unknown = new UnknownProxy(app.ApplicationServices.GetRequiredService<ILogger<UnknownProxy>>());
        var forwarding = new Forwarding(settings.TrustedProxies, unknown);
        app.Use(next => http =>
        {
            forwarding.Read(http);
            return next(http);
        });
    }

    private void Read(HttpContext http)
    {
        if (http.Connection.RemoteIpAddress is not { } peer) return;
        if (!IsTrusted(peer))
        {
            unknown.Look(http);
            return;
        }
        var client = Find(http.Request.Headers, new Client(peer, null));
        http.Features.Set(new ProxyWord(client.Scheme));
        http.Connection.RemoteIpAddress = client.Address;
        if (client.Scheme is not null) http.Request.Scheme = client.Scheme;
    }

    /// <summary>
    /// With headers of both families, one was written by the proxy and the other may be the client's own, handed on; nobody could tell which. So only
    /// what both say counts.
    /// </summary>
    private Client Find(IHeaderDictionary headers, Client proxy)
    {
        var (standard, addresses, schemes) = (headers[Standard], headers[For], headers[Proto]);
        var hasOther = addresses.Count > 0 || schemes.Count > 0;
        if (standard.Count == 0) return hasOther ? Walk(ForwardedHops.OfXForwarded(addresses, schemes), proxy) : proxy;
        var said = Walk(ForwardedHops.OfForwarded(standard), proxy);
        if (!hasOther) return said;
        var other = Walk(ForwardedHops.OfXForwarded(addresses, schemes), proxy);
        return new Client(said.Address.Equals(other.Address) ? said.Address : proxy.Address, said.Scheme == other.Scheme ? said.Scheme : null);
    }

    /// <summary>From the proxy that asks us back to the first address that is none of ours. An entry without a readable address ends the walk.</summary>
    private Client Walk(List<ForwardedHop> hops, Client client)
    {
        for (var index = hops.Count - 1; index >= 0 && IsTrusted(client.Address); index--)
        {
            client = new Client(hops[index].Address ?? client.Address, hops[index].Scheme);
            if (hops[index].Address is null) break;
        }
        return client;
    }

    private bool IsTrusted(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        foreach (var network in trusted)
            if (network.Contains(address)) return true;
        return false;
    }
}
