using System.Net;
using System.Net.Sockets;

namespace Avouch.Server.Settings;

/// <summary>Which addresses count as our own proxies.</summary>
internal static class ProxyRules
{
    private const string Remedy = "Use the addresses that your proxies connect from, for example 127.0.0.1,::1 or 10.0.0.0/8.";

    public static IReadOnlyList<IPNetwork> Read(SettingsReader reader, string name, string? text)
    {
        var networks = new List<IPNetwork>();
        foreach (var one in (text ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            if (Find(one) is not { } network) reader.Fault(name, one, "is neither an address nor a network such as 10.0.0.0/8", Remedy);
            else if (network.PrefixLength == 0) reader.Fault(name, one, "is everybody, who could then come from any address they like", Remedy);
            else networks.Add(network);
        return networks;
    }

    /// <summary>A single address is the smallest network. An address such as <c>10.1</c>, which some read as 10.0.0.1, is none.</summary>
    private static IPNetwork? Find(string text)
    {
        if (text.Contains('/', StringComparison.Ordinal)) return IPNetwork.TryParse(text, out var network) ? network : null;
        if (!IPAddress.TryParse(text.Trim('[', ']'), out var address)) return null;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetworkV6) return new IPNetwork(address, 128);
        return text.Count(letter => letter == '.') == 3 ? new IPNetwork(address, 32) : null;
    }
}
