using System.Net;
using System.Net.Sockets;
using Avouch.Server.Sessions;

namespace Avouch.Server.Http;

/// <summary>Who asks, as the connection tells it, or our own proxies do (<see cref="Forwarding"/>).</summary>
internal static class ClientDevice
{
    /// <summary>The device token of an earlier sign-in, where it is not in a cookie.</summary>
    public const string TokenHeader = "Avouch-Device";

    private const int MaxAgent = 256;

    private const int NetworkBytes = 8;

    public static Device Of(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress;
        if (address is { IsIPv4MappedToIPv6: true }) address = address.MapToIPv4();
        return new Device(address?.ToString(), Network(address), Agent(http)) { Token = http.Request.Headers[TokenHeader] is [{ } token] ? token : CookieField.Find(http, CookieMode.DeviceCookie) };
    }

    private static string Network(IPAddress? address) => address is { AddressFamily: AddressFamily.InterNetworkV6 }
        ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, NetworkBytes))
        : address?.ToString() ?? "";

    /// <summary>Cut to a length that a list of devices needs, without control characters.</summary>
    private static string? Agent(HttpContext http)
    {
        var agent = http.Request.Headers.UserAgent.ToString();
        if (agent.Length == 0) return null;
        if (agent.Length > MaxAgent) agent = agent[..MaxAgent];
        return new string([.. agent.Where(letter => !char.IsControl(letter) && !char.IsSurrogate(letter))]);
    }
}
