using System.Net;
using Avouch.Server.Data;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Pages;

/// <summary>What nobody answered and what nobody caught: a page for people, a problem document for programs.</summary>
public sealed class FaultPageTests : ServerTests
{
    private const string Chrome = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

    [Theory]
    [InlineData("GET", "/nothing/here", Chrome, 404)]
    [InlineData("HEAD", "/nothing/here", Chrome, 404)]
    [InlineData("GET", "/nothing", "TEXT/HTML", 404)]
    [InlineData("GET", "/nothing", "application/json;q=0.5, text/html;q=0.5", 404)]
    [InlineData("GET", "/sign-out", Chrome, 405)]
    public async Task A_person_gets_a_page(string method, string url, string accept, int status)
    {
        var answer = await Ask(method, url, accept);

        Assert.Equal((status, "text/html; charset=utf-8", "no-store"), ((int)answer.Status, answer.Headers["Content-Type"], answer.Headers["Cache-Control"]));
        Assert.StartsWith("default-src 'none'; style-src 'self'", answer.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.False(answer.Headers.ContainsKey("Set-Cookie"));
        Assert.Matches("^r-", answer.Reason);
        if (method == "GET") Assert.Contains($"<code>{answer.Reason}</code>", answer.Text, StringComparison.Ordinal);
        else Assert.Empty(answer.Body);
        if (status == 405) Assert.Equal("POST", answer.Headers["Allow"]);
    }

    [Fact]
    public async Task Whoever_is_signed_in_reads_in_their_language_that_there_is_nothing_and_anybody_else_in_that_of_the_browser()
    {
        var alice = await Client.Join("alice");
        await Client.Patch("/api/v1/users/me", new { locale = "de" }, alice.AccessToken);
        var browser = await new PlainBrowser(Client).Enter("alice");

        var own = await browser.Get("/nothing", ("Accept-Language", "en"));
        var others = await new PlainBrowser(Client).Get("/nothing", ("Accept-Language", "en"));

        Assert.Equal((HttpStatusCode.NotFound, "de", "no-store"), (own.Status, own.Headers["Content-Language"], own.Headers["Cache-Control"]));
        Assert.Equal((HttpStatusCode.NotFound, "en"), (others.Status, others.Headers["Content-Language"]));
    }

    [Theory]
    [InlineData("GET", "/nothing", "*/*")]
    [InlineData("GET", "/nothing", null)]
    [InlineData("GET", "/nothing", "text/*")]
    [InlineData("GET", "/nothing", "application/json")]
    [InlineData("GET", "/nothing", "application/json, text/html;q=0.9")]
    [InlineData("GET", "/nothing", "text/html;q=0, */*")]
    [InlineData("GET", "/nothing", ";;;")]
    [InlineData("GET", "/api/nothing", Chrome)]
    [InlineData("GET", "/oauth/nothing", Chrome)]
    [InlineData("GET", "/.well-known/nothing", Chrome)]
    [InlineData("GET", "/health/nothing", Chrome)]
    [InlineData("GET", "/metrics/nothing", Chrome)]
    [InlineData("GET", "/assets/nothing", Chrome)]
    [InlineData("POST", "/nothing", Chrome)]
    [InlineData("DELETE", "/nothing", Chrome)]
    public async Task A_program_gets_a_problem_document(string method, string url, string? accept)
    {
        var answer = await Ask(method, url, accept);

        (method is "HEAD" ? answer : answer.MustBe(HttpStatusCode.NotFound, "not_found")).MustBeProblem();
    }

    [Fact]
    public async Task What_nobody_caught_is_a_page_with_the_reason_that_stands_in_the_log()
    {
        await Client.Register("alice");
        var browser = await new PlainBrowser(Client).Enter("alice");
        await Server.Database.DisposeAsync();

        var shown = await browser.Get("/account");
        var sent = await browser.Post("/sign-in", [("form", "x"), ("username", "alice"), ("password", TestClient.Password)]);

        foreach (var answer in (Answer[])[shown, sent])
        {
            Assert.Equal((HttpStatusCode.InternalServerError, "text/html; charset=utf-8"), (answer.Status, answer.Headers["Content-Type"]));
            Assert.Contains("Something went wrong on our side.", answer.Text, StringComparison.Ordinal);
            Assert.Contains($"<code>{answer.Reason}</code>", answer.Text, StringComparison.Ordinal);
            Assert.Contains(Server.Logs.Lines, line => line.StartsWith("Error request.failed", StringComparison.Ordinal) && line.Contains(answer.Reason!, StringComparison.Ordinal));
            Assert.DoesNotContain("Exception", answer.Text, StringComparison.Ordinal);
        }
    }

    /// <summary>Also where the page itself is what cannot be made: a document is left.</summary>
    [Fact]
    public async Task A_fault_of_the_page_itself_is_a_problem_document()
    {
        var made = 0;
        var faults = new Avouch.Server.Http.Faults(
            _ => Task.FromException(new DatabaseException("the disk is full", DatabaseFault.Storage)), (_, _) => throw new InvalidOperationException($"{++made}"),
            Server.Get<Microsoft.Extensions.Hosting.IHostApplicationLifetime>(), Server.Get<Microsoft.Extensions.Logging.ILogger<Avouch.Server.Http.Faults>>());
        var http = new Microsoft.AspNetCore.Http.DefaultHttpContext { RequestServices = Server.Get<IServiceProvider>(), Request = { Method = "GET", Path = "/account", Headers = { Accept = Chrome } }, Response = { Body = new MemoryStream() } };

        await faults.Invoke(http);

        Assert.Equal((1, 503, "application/problem+json", "10"), (made, http.Response.StatusCode, http.Response.ContentType, http.Response.Headers.RetryAfter.ToString()));
        Assert.Contains("storage_fault", System.Text.Encoding.UTF8.GetString(((MemoryStream)http.Response.Body).ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_looks_like_the_others_in_every_language_and_on_every_screen()
    {
        foreach (var glasses in (Glasses[])[Glasses.Plain, Glasses.Small with { Language = "de" }, Glasses.Plain with { IsDark = true }, Glasses.NoScript])
        {
            await using var alice = await Person.At(Server, glasses);
            alice.Expect(404);
            await alice.Open("/nothing/here");
            await alice.Sees(glasses.Language == "de" ? "Hier ist nichts. Die Adresse ist vielleicht vertippt" : "There is nothing here. The address may be mistyped");
            await alice.Look("not-found");
            await alice.Follow(glasses.Language == "de" ? "Zur Startseite" : "To the start");
            Assert.Equal("/", alice.Place);
        }
    }

    private Task<Answer> Ask(string method, string url, string? accept)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), url);
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        return Client.Send(request);
    }
}
