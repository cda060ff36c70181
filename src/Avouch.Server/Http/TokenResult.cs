using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Avouch.Server.Sessions;

namespace Avouch.Server.Http;

/// <summary>An answer with tokens: never stored by anything on the way (RFC 6749 §5.1).</summary>
internal sealed class TokenResult(byte[] body) : IResult
{
    public static TokenResult Of(TokensJson answer) => Of(answer, ApiJson.Default.TokensJson);

    public static TokenResult Of(SignInJson answer) => Of(answer, ApiJson.Default.SignInJson);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.Pragma = "no-cache";
        return response.BodyWriter.WriteAsync(body).AsTask();
    }

    private static TokenResult Of<T>(T answer, JsonTypeInfo<T> type) => new(JsonSerializer.SerializeToUtf8Bytes(answer, type));
}

/// <summary>The answer of a refresh (RFC 6749 §5.1). What is in a cookie is left out.</summary>
internal sealed record TokensJson(
    string AccessToken,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken,
    string TokenType,
    long ExpiresIn,
    long RefreshExpiresIn)
{
    public static TokensJson Of(TokenAnswer tokens) => new(tokens.AccessToken, tokens.RefreshToken, tokens.TokenType, tokens.ExpiresIn, tokens.RefreshExpiresIn);
}

/// <summary>The answer of a sign-in: that of a refresh, and what the device shows at the next sign-in. What is in a cookie is left out.</summary>
internal sealed record SignInJson(
    string AccessToken,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken,
    string TokenType,
    long ExpiresIn,
    long RefreshExpiresIn,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DeviceToken)
{
    public static SignInJson Of(TokenAnswer tokens, string? device) =>
        new(tokens.AccessToken, tokens.RefreshToken, tokens.TokenType, tokens.ExpiresIn, tokens.RefreshExpiresIn, device);
}
