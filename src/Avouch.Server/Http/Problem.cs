using System.Text.Json.Serialization;
using Avouch.Server.Limits;
using Avouch.Server.Metrics;

namespace Avouch.Server.Http;

/// <summary>
/// An error with two voices (RFC 9457): a status, a stable code and one plain sentence for the client; the reason id in the header
/// <c>Avouch-Reason</c> leads whoever runs the server to the journal row or log line. Written to HTTP here and nowhere else.
/// </summary>
internal sealed record Problem(int Status, string Code, string Detail) : IResult
{
    /// <summary>What is wrong with which field of the request; only with 422.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>The challenge of a 401 (RFC 9110 §11.6.1).</summary>
    public string? Challenge { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The limit that refuses; only with 429.</summary>
    public Verdict? Limit { get; init; }

    /// <summary>The permission or the role that is missing.</summary>
    public string? Missing { get; init; }

    /// <summary>The journal row that caused the refusal. Without one, the request's id stands in for it.</summary>
    public long? Cause { get; init; }

    /// <summary>Who was refused, where the request showed who it is: for the log.</summary>
    public Guid? Subject { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        WriteFields(httpContext);
        var response = httpContext.Response;
        response.ContentType = "application/problem+json";
        response.Headers.CacheControl = "no-store";
        if (Challenge is not null) response.Headers.WWWAuthenticate = Challenge;
        var body = new ProblemBody(Title(Status), Status, Detail, Code, Errors);
        await System.Text.Json.JsonSerializer.SerializeAsync(response.Body, body, ProblemJson.Default.ProblemBody, httpContext.RequestAborted);
    }

    /// <summary>What every refusal leaves behind and says in its header, whether its body is for a program or a page for a person.</summary>
    public void WriteFields(HttpContext http)
    {
        var reason = ReasonId(http);
        http.RequestServices.GetRequiredService<ServerMeter>().Refusals.Count("code", Code);
        if (Cause is null) http.RequestServices.GetRequiredService<RefusalLog>().Add(http, this, reason);
        var response = http.Response;
        response.StatusCode = Status;
        response.Headers["Avouch-Reason"] = reason;
        if (RetryAfter is { } wait) response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (Limit is { } limit) RateLimitFields.Write(response, limit);
    }

    /// <summary><c>j</c> and the sequence number of a journal row, or <c>r</c> and the id of the request as it stands in the log.</summary>
    public string ReasonId(HttpContext http) => Cause is { } seq ? $"j-{seq}" : $"r-{http.TraceIdentifier}";

    private static string Title(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
}

/// <summary>The problem document on the wire. Its <c>type</c> is <c>about:blank</c> (left out), so the title is that of the status (RFC 9457 §4.2.1).</summary>
internal sealed record ProblemBody(string Title, int Status, string Detail, string Code, IReadOnlyDictionary<string, string[]>? Errors);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class ProblemJson : JsonSerializerContext;
