using System.Net;
using System.Text.Json;

namespace Avouch.Server.Tests.Harness;

/// <summary>What every refusal has in common, whatever was asked.</summary>
internal static class Refusal
{
    /// <summary>A problem document (RFC 9457) with this status and code; every 401 with a challenge (RFC 6750 §3).</summary>
    public static Answer MustBe(this Answer answer, HttpStatusCode status, string code)
    {
        answer.MustBeProblem();
        Assert.Equal((status, code), (answer.Status, answer.Code));
        return answer;
    }

    public static Answer MustBeProblem(this Answer answer)
    {
        Assert.InRange((int)answer.Status, 400, 499);
        return answer.MustHaveProblem();
    }

    public static Answer MustHaveProblem(this Answer answer)
    {
        Assert.Equal("application/problem+json", answer.Headers["Content-Type"]);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.Matches("^(j-[0-9]+|r-[0-9A-Z:]+)$", answer.Reason);
        var problem = answer.Json;
        Assert.Equal((int)answer.Status, problem.GetProperty("status").GetInt32());
        Assert.Matches("^[a-z_]+$", problem.GetProperty("code").GetString());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.EndsWith(".", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        if (answer.Status == HttpStatusCode.Unauthorized) Assert.StartsWith("Bearer realm=\"avouch\"", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Equal(answer.Status == HttpStatusCode.UnprocessableEntity, problem.TryGetProperty("errors", out _));
        return answer;
    }

    /// <summary>Which fields a 422 complains about, in alphabetical order.</summary>
    public static string Fields(this Answer answer) =>
        string.Join(", ", answer.Json.GetProperty("errors").EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));

    /// <summary>Nothing that was sent comes back, neither in the body nor in a header.</summary>
    public static Answer MustNotEcho(this Answer answer, params string[] secrets)
    {
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(secret, answer.Text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(answer.Headers, header => header.Value.Contains(secret, StringComparison.OrdinalIgnoreCase));
        }
        return answer;
    }

    public static string Text(this JsonElement json, string member) => json.GetProperty(member).GetString()!;
}
