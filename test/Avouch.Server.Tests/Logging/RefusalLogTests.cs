using System.Net;
using Avouch.Server.Logging;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Logging;

/// <summary>What is refused without a journal row has a line that its reason id leads to, and nobody can fill the disk with such lines.</summary>
public sealed class RefusalLogTests : ServerTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    private protected override (string, string)[] Settings => [("AVOUCH_TRUSTED_PROXIES", "127.0.0.1")];

    private List<string> Refused => [.. Server.Logs.Lines.Where(line => line.StartsWith("Information request.refused:", StringComparison.Ordinal))];

    private List<string> Sums => [.. Server.Logs.Lines.Where(line => line.StartsWith("Warning request.refused_many:", StringComparison.Ordinal))];

    [Fact]
    [Trait("ASVS", "16.2.1")]
    [Trait("ASVS", "16.3.2")]
    [Trait("ASVS", "16.3.3")]
    public async Task A_refusal_says_what_was_refused_where_to_whom_and_why()
    {
        var answer = await Ask("/api/v1/auth/sessions", "203.0.113.7", ("traceparent", $"00-{Trace}-00f067aa0ba902b7-01"));

        var line = Assert.Single(Refused);
        Assert.Contains($"TraceId={Trace}", line, StringComparison.Ordinal);
        Assert.Contains($"Refused {answer.Reason}: 401 not_signed_in, GET /api/v1/auth/sessions from 203.0.113.7 ", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Request-Id", "chosen-by-somebody")]
    [InlineData("X-Correlation-Id", "chosen-by-somebody")]
    [InlineData("traceparent", "00-chosen-by-somebody-00f067aa0ba902b7-01")]
    [InlineData("traceparent", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    [InlineData("traceparent", "00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")]
    [InlineData("traceparent", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more")]
    [InlineData("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7")]
    [InlineData("User-Agent", "chosen-by-somebody")]
    [Trait("ASVS", "16.4.1")]
    public async Task Nothing_that_a_client_calls_its_request_is_taken_but_a_valid_trace_id(string header, string value)
    {
        var answer = await Ask("/api/v1/auth/sessions?chosen-by-somebody", "203.0.113.7", (header, value));

        Assert.Contains("TraceId= ", Assert.Single(Refused), StringComparison.Ordinal);
        Assert.DoesNotContain("chosen-by-somebody", Assert.Single(Refused), StringComparison.Ordinal);
        Assert.DoesNotContain("chosen-by-somebody", answer.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_is_never_logged()
    {
        await Ask("/reset/a-Secret-0f-a-link", "203.0.113.7");
        await Ask("/api/v1/auth/sessions/a-Secret-0f-a-link", "203.0.113.7");

        Assert.Equal(2, Refused.Count);
        Assert.DoesNotContain(Refused, line => line.Contains("a-Secret-0f-a-link", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_network_gets_twenty_lines_of_a_code_in_a_minute_and_the_rest_is_one_sum()
    {
        for (var i = 0; i < LineBudget.LinesEach + 7; i++) await Ask("/api/v1/auth/sessions", "203.0.113.7");
        Assert.Equal(LineBudget.LinesEach, Refused.Count);

        await Ask("/api/v1/auth/sessions", "198.51.100.9");   // another network has lines of its own
        await Ask("/nothing/here", "203.0.113.7");            // and so has another code
        Assert.Equal(LineBudget.LinesEach + 2, Refused.Count);
        Assert.Empty(Sums);

        await Server.Restart();

        Assert.Contains("Refused 7 more with not_signed_in", Assert.Single(Sums), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_minute_later_there_are_lines_again()
    {
        for (var i = 0; i < LineBudget.LinesEach + 1; i++) await Ask("/api/v1/auth/sessions", "203.0.113.7");

        Pass(TimeSpan.FromSeconds(59));
        await Ask("/api/v1/auth/sessions", "203.0.113.7");
        Assert.Equal(LineBudget.LinesEach, Refused.Count);

        Pass(TimeSpan.FromSeconds(1));
        var answer = await Ask("/api/v1/auth/sessions", "203.0.113.7");
        Assert.Contains(answer.Reason!, Refused[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_million_networks_get_no_more_lines_than_the_minute_has()
    {
        var budget = new LineBudget(new ManualTime());

        var taken = Enumerable.Range(0, 1_000_000).Count(number => budget.TryTake("not_found", $"network {number}"));

        Assert.Equal(LineBudget.LinesTogether, taken);
        Assert.Equal(1_000_000 - taken, Assert.Single(budget.TakeLeftOut()).Value);   // each one is counted
        Assert.Empty(budget.TakeLeftOut());
    }

    [Fact]
    public async Task A_refusal_that_the_journal_explains_has_no_line()
    {
        var tokens = await Client.Join("alice");
        await Client.Logout(tokens);

        var answer = await Client.Me(tokens);

        Assert.StartsWith("j-", answer.Reason, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Empty(Refused);
    }

    private async Task<Answer> Ask(string path, string address, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Forwarded-For", address);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Client.Send(request);
    }
}
