using System.Net;
using Avouch.Server.Sessions;

namespace Avouch.Server.Http;

/// <summary>Who asks, as the connection tells it. Forwarding headers count only from configured proxies, which this version has none of.</summary>
internal static class ClientDevice
{
    private const int MaxAgent = 256;

    public static Device Of(HttpContext http) => new(Address(http.Connection.RemoteIpAddress), Agent(http));

    private static string? Address(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4().ToString() : address?.ToString();

    /// <summary>Cut to a length that a list of devices needs, without control characters.</summary>
    private static string? Agent(HttpContext http)
    {
        var agent = http.Request.Headers.UserAgent.ToString();
        if (agent.Length == 0) return null;
        if (agent.Length > MaxAgent) agent = agent[..MaxAgent];
        return new string([.. agent.Where(letter => !char.IsControl(letter) && !char.IsSurrogate(letter))]);
    }
}
