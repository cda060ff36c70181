using Avouch.Server.Users;

namespace Avouch.Server.Http;

/// <summary>Who asks, with the languages that their browser prefers: for flows that send mail.</summary>
internal static class ClientCaller
{
    /// <summary>What any browser sends is shorter; it is kept with each letter.</summary>
    private const int MaxLanguages = 200;

    public static Caller Of(HttpContext http)
    {
        var device = ClientDevice.Of(http);
        var languages = http.Request.Headers.AcceptLanguage.ToString();
        return new Caller(device.Address, device.Network, languages.Length is 0 or > MaxLanguages ? null : languages);
    }
}
