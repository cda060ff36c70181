using System.Net;
using Avouch.Server.Mail;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Limits;

/// <summary>The pages behind mailed links are for people: what a limit refuses there is a page too, and it leaves what any refusal leaves.</summary>
public sealed class LinkLimitTests : ServerTests
{
    private static readonly string[] Paths = ["/reset-password", "/verify-email", "/change-email", "/undo-email-change"];

    private protected override (string Name, string Value)[] Settings => [("AVOUCH_LIMITS_ENABLED", "true")];

    [Fact]
    public async Task Whoever_presses_too_often_reads_a_page_and_the_link_stays_good()
    {
        var letter = await Server.MailedOne(MailTemplate.VerifyEmail, () => Client.Register("alice"));
        for (var i = 0; i < 30; i++) Assert.Equal(HttpStatusCode.BadRequest, (await Client.PostForm("/verify-email", ("token", ProofToken.Make().Text))).Status);
        var rows = await Server.Count("account_proofs");

        var page = await (await Client.Open(letter.Link())).Press();

        Assert.Equal((HttpStatusCode.TooManyRequests, "Verify your e-mail address", false), (page.Answer.Status, page.Title, page.HasForm));
        Assert.StartsWith("There were too many tries from your network. Nothing has changed, and your link stays good.", page.Alert, StringComparison.Ordinal);
        Assert.Equal(("60", "\"mailed-secret\";q=30;w=60"), (page.Answer.Headers["Retry-After"], page.Answer.Headers["RateLimit-Policy"]));
        Assert.Equal(rows, await Server.Count("account_proofs"));
        Pass(TimeSpan.FromSeconds(59));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await (await Client.Open(letter.Link())).Press()).Answer.Status);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await (await Client.Open(letter.Link())).Press()).Answer.Status);
    }

    [Fact]
    public async Task Each_page_has_its_own_title_and_the_language_of_the_browser()
    {
        await Client.Register("alice");
        var reset = await Server.MailedOne(MailTemplate.ResetPassword, () => Client.RequestReset("alice@example.test"));   // of a dead one the page says at once that it is
        for (var i = 0; i < 30; i++) await Client.PostForm("/verify-email", ("token", ""));

        var titles = new List<string>();
        foreach (var path in Paths)
        {
            var page = await (await Client.Open(new Uri(Server.Url, $"{path}?token={reset.Token()}"), "de")).Press();
            Assert.Equal(HttpStatusCode.TooManyRequests, page.Answer.Status);
            Assert.StartsWith("Aus Ihrem Netz kamen zu viele Versuche.", page.Alert, StringComparison.Ordinal);
            Assert.Equal(("text/html; charset=utf-8", "no-store", "no-referrer"), (page.Answer.Headers["Content-Type"], page.Answer.Headers["Cache-Control"], page.Answer.Headers["Referrer-Policy"]));
            titles.Add(page.Title);
        }
        Assert.Equal(4, titles.Distinct().Count());
    }

    [Fact]
    public async Task A_program_still_gets_a_problem_document()
    {
        for (var i = 0; i < 30; i++) await Client.PostForm("/verify-email", ("token", ""));

        (await Client.Verify(ProofToken.Make().Text)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
    }

    [Theory]
    [InlineData("/reset-password", "invalid_reset_token")]
    [InlineData("/verify-email", "invalid_verification_token")]
    [InlineData("/change-email", "invalid_email_change_token")]
    [InlineData("/undo-email-change", "invalid_undo_token")]
    [Trait("ASVS", "16.3.3")]
    public async Task A_refusal_on_a_page_leaves_a_reason_a_line_and_a_count(string path, string code)
    {
        var token = ProofToken.Make().Text;

        var answer = await Client.PostForm(path, ("token", token), ("new_password", AccountClient.NewPassword));

        Assert.Matches("^r-[0-9A-Z:]+$", answer.Reason);
        var line = Assert.Single(Server.Logs.Lines, line => line.StartsWith("Information request.refused:", StringComparison.Ordinal));
        Assert.Contains($"Refused {answer.Reason}: 400 {code}, POST {path} from 127.0.0.1 ", line, StringComparison.Ordinal);
        Assert.Contains($"avouch_refusals_total{{code=\"{code}\"}} 1", (await Client.Get("/metrics")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_goes_well_leaves_none_of_it()
    {
        var letter = await Server.MailedOne(MailTemplate.VerifyEmail, () => Client.Register("alice"));

        var done = await (await Client.Open(letter.Link())).Press();

        Assert.Equal((HttpStatusCode.OK, null), (done.Answer.Status, done.Answer.Reason));
        Assert.DoesNotContain(Server.Logs.Lines, line => line.Contains("request.refused", StringComparison.Ordinal));
    }
}
