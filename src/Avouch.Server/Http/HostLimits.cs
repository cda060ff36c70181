using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Avouch.Server.Http;

/// <summary>What a request may cost before anybody has looked at it.</summary>
internal static class HostLimits
{
    public const int MaxBodyBytes = 64 * 1024;

    private const int MaxLineBytes = 8 * 1024;
    private const int MaxHeaderBytes = 32 * 1024;
    private const int MaxHeaders = 64;

    public static void Apply(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = MaxBodyBytes;
        options.Limits.MaxRequestLineSize = MaxLineBytes;
        options.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        options.Limits.MaxRequestHeaderCount = MaxHeaders;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        Apply(options.Limits.Http2);
    }

    /// <summary>One connection may ask many things at once: no more than a page needs, and no more memory than their bodies.</summary>
    private static void Apply(Http2Limits http2)
    {
        http2.MaxStreamsPerConnection = 32;
        http2.MaxRequestHeaderFieldSize = MaxHeaderBytes;
        http2.InitialStreamWindowSize = MaxBodyBytes;
        http2.InitialConnectionWindowSize = 4 * MaxBodyBytes;
        http2.KeepAlivePingDelay = TimeSpan.FromMinutes(1);   // a client that is gone is found out
    }
}
