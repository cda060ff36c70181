using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Avouch.Server.Http;

/// <summary>What a request may cost before anybody has looked at it.</summary>
internal static class HostLimits
{
    private const int MaxBodyBytes = 64 * 1024;
    private const int MaxHeaderBytes = 32 * 1024;

    public static void Apply(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = MaxBodyBytes;
        options.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
    }
}
