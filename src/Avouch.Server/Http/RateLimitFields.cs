using System.Globalization;
using Avouch.Server.Limits;

namespace Avouch.Server.Http;

/// <summary>The header fields <c>RateLimit-Policy</c> and <c>RateLimit</c> (draft-ietf-httpapi-ratelimit-headers-11, lists of structured fields).</summary>
internal static class RateLimitFields
{
    public static void Write(HttpResponse response, Verdict verdict)
    {
        var limit = verdict.Limit;
        response.Headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"{limit.Name}\";q={verdict.Quota};w={(long)limit.Window.TotalSeconds}");
        response.Headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{limit.Name}\";r={verdict.Remaining};t={Seconds(verdict)}");
    }

    /// <summary>How long no more than the rest can be had (§4.1.2): until there is room again, and as long as the window where there still is some.</summary>
    private static long Seconds(Verdict verdict) => (long)Math.Ceiling((verdict.IsAllowed ? verdict.Limit.Window : verdict.RetryAfter).TotalSeconds);
}
