using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Primitives;

namespace Avouch.Server.Http;

/// <summary>What one proxy wrote down: from which address it was asked, and by which scheme. <see langword="null"/> where it does not say, or nothing that can be read.</summary>
internal readonly record struct ForwardedHop(IPAddress? Address, string? Scheme);

/// <summary>The headers of proxies as a list of hops, the nearest one last.</summary>
internal static class ForwardedHops
{
    private const StringSplitOptions Entries = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    /// <summary>
    /// <c>X-Forwarded-For</c> with <c>X-Forwarded-Proto</c>. A single scheme is that of the whole way; as many as addresses belong to one each; with any
    /// other number nobody could tell which is whose, so none counts.
    /// </summary>
    public static List<ForwardedHop> OfXForwarded(StringValues addresses, StringValues schemes)
    {
        var (from, by) = (addresses.ToString().Split(',', Entries), schemes.ToString().Split(',', Entries));
        if (from.Length == 0) return by is [var only] ? [new(null, ToScheme(only))] : [];
        return [.. from.Select((address, index) => new ForwardedHop(ToAddress(address), by.Length == 1 ? ToScheme(by[0]) : by.Length == from.Length ? ToScheme(by[index]) : null))];
    }

    /// <summary><c>Forwarded</c> (RFC 7239 §4). One fault anywhere and nothing counts: an open quote of a client could swallow what a proxy wrote behind it.</summary>
    public static List<ForwardedHop> OfForwarded(StringValues header) => ForwardedElements.Read(header.ToString()) is { } elements
        ? [.. elements.Select(element => new ForwardedHop(element.For is { } node ? ToNode(node) : null, element.Proto is { } proto ? ToScheme(proto) : null))]
        : [];

    /// <summary>A node of RFC 7239 §6: an IPv6 address stands in brackets; "unknown" and made-up names are no address.</summary>
    private static IPAddress? ToNode(string text) => text.StartsWith('[') || text.Count(letter => letter == ':') < 2 ? ToAddress(text) : null;

    /// <summary>An address with a port or without. Only as it is written everywhere: some read 10.1 as 10.0.0.1, and 010.0.0.1 as 8.0.0.1.</summary>
    private static IPAddress? ToAddress(string text)
    {
        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            return end > 0 && IsPort(text.AsSpan(end + 1)) ? ToAddress6(text[1..end]) : null;
        }
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0 && text.IndexOf(':', colon + 1) >= 0) return ToAddress6(text);
        return colon >= 0 && !IsPort(text.AsSpan(colon)) ? null : ToAddress4(colon < 0 ? text : text[..colon]);
    }

    private static IPAddress? ToAddress4(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text ? address : null;

    private static IPAddress? ToAddress6(string text)
    {
        if (text.Contains('%', StringComparison.Ordinal) || !IPAddress.TryParse(text, out var address) || address.AddressFamily != AddressFamily.InterNetworkV6) return null;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private static bool IsPort(ReadOnlySpan<char> text) => text is "" || (text is [':', .. { Length: > 0 and <= 5 } digits] && !digits.ContainsAnyExceptInRange('0', '9'));

    private static string? ToScheme(string text) =>
        text.Equals("https", StringComparison.OrdinalIgnoreCase) ? "https" : text.Equals("http", StringComparison.OrdinalIgnoreCase) ? "http" : null;
}
