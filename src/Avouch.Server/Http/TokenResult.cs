using System.Text.Json;
using Avouch.Server.Sessions;

namespace Avouch.Server.Http;

/// <summary>An answer with tokens: never stored by anything on the way (RFC 6749 §5.1).</summary>
internal sealed class TokenResult(TokenAnswer answer) : IResult
{
    public static TokenResult Of(TokenAnswer answer) => new(answer);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(answer, ApiJson.Default.TokenAnswer);
        var response = httpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = bytes.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.Pragma = "no-cache";
        return response.BodyWriter.WriteAsync(bytes).AsTask();
    }
}
