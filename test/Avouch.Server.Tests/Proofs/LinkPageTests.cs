using System.Net;
using System.Text.RegularExpressions;
using Avouch.Server.Mail;
using Avouch.Server.Settings;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Avouch.Server.Tests.Proofs;

/// <summary>The pages behind mailed links, as a browser, a mail scanner and an attacker see them.</summary>
public sealed class LinkPageTests : ServerTests
{
    private static readonly string[] Paths = ["/reset-password", "/verify-email", "/change-email", "/undo-email-change"];

    public static TheoryData<string> AllPaths { get; } = [.. Paths];

    [Fact]
    [Trait("ASVS", "6.4.3")]
    public async Task The_reset_link_leads_to_a_new_password()
    {
        var page = await Client.Open(await ResetLink());
        Assert.Equal((HttpStatusCode.OK, "Set a new password"), (page.Answer.Status, page.Title));

        var done = await page.Press(("new_password", AccountClient.NewPassword));

        Assert.Equal((HttpStatusCode.OK, false), (done.Answer.Status, done.HasForm));
        Assert.Equal(HttpStatusCode.SeeOther, done.Sent.Status);   // so that neither a reload nor the back button sends it again
        Assert.Matches("^__Host-avouch-device=avd_[\\w-]+; max-age=34560000; path=/; secure; samesite=strict; httponly$", done.Sent.Headers["Set-Cookie"]);
        await Client.SignIn("alice", AccountClient.NewPassword);
    }

    [Fact]
    public async Task The_other_links_do_their_work_at_the_button()
    {
        var verify = await Server.MailedOne(MailTemplate.VerifyEmail, () => Client.Register("alice"));
        Assert.Equal(HttpStatusCode.OK, (await (await Client.Open(verify.Link())).Press()).Answer.Status);
        var tokens = await Client.SignIn("alice");
        Assert.True((await Client.Me(tokens)).Json.GetProperty("is_verified").GetBoolean());

        var confirm = await Server.MailedOne(MailTemplate.ConfirmNewEmail, () => Client.RequestEmail(tokens, "new@example.test"));
        var notice = await Server.MailedOne(MailTemplate.EmailChanged, async () => await (await Client.Open(confirm.Link())).Press());
        Assert.Equal("new@example.test", (await Server.Get<UserAccounts>().Find(tokens.UserId()))!.Email);

        var undone = await (await Client.Open(notice.Link())).Press();
        Assert.Equal((HttpStatusCode.OK, "Undo the change of your e-mail address"), (undone.Answer.Status, undone.Title));
        Assert.Equal("alice@example.test", (await Server.Get<UserAccounts>().Find(tokens.UserId()))!.Email);
    }

    [Fact]
    [Trait("ASVS", "6.2.6")]
    [Trait("ASVS", "6.2.7")]
    public async Task The_field_for_the_password_is_masked_and_open_to_password_managers()
    {
        var page = await Client.Open(await ResetLink());

        Assert.Contains("""<input id="new-password" name="new_password" type="password" autocomplete="new-password" """, page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("onpaste", page.Html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("maxlength", page.Html, StringComparison.OrdinalIgnoreCase);   // it would cut what is pasted
    }

    [Fact]
    public async Task A_password_that_is_refused_leads_back_to_the_form_with_the_token_in_it()
    {
        var page = await Client.Open(await ResetLink(), "de");

        var again = await page.Press(("new_password", "alice2026"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, again.Answer.Status);
        Assert.StartsWith("Das Passwort ist kaum mehr als Ihr eigener Name", again.Fault, StringComparison.Ordinal);
        Assert.DoesNotContain("alice2026", again.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await again.Press(("new_password", AccountClient.NewPassword))).Answer.Status);
        await Client.SignIn("alice", AccountClient.NewPassword);
    }

    /// <summary>Mail scanners open every link, some twice, with GET or HEAD.</summary>
    [Fact]
    [Trait("ASVS", "3.5.3")]
    public async Task Opening_a_link_uses_nothing_up()
    {
        var link = await ResetLink();
        var page = await Client.Open(link);
        var (rows, journal) = (await Server.Count("account_proofs"), await Server.Count("journal"));

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(page.Html, (await Client.Open(link)).Html);
            var head = await Client.Send(new HttpRequestMessage(HttpMethod.Head, link.PathAndQuery));
            Assert.Equal((HttpStatusCode.OK, 0), (head.Status, head.Body.Length));
        }

        Assert.Equal((rows, journal), (await Server.Count("account_proofs"), await Server.Count("journal")));
        Assert.Equal(HttpStatusCode.OK, (await page.Press(("new_password", AccountClient.NewPassword))).Answer.Status);
    }

    [Theory]
    [InlineData("/verify-email")]
    [InlineData("/change-email")]
    [InlineData("/undo-email-change")]
    public async Task A_link_with_a_button_alone_is_not_looked_up(string path)
    {
        var never = ProofToken.Make().Text;

        var page = await Client.Open(new Uri(Server.Url, $"{path}?token={never}"));

        Assert.Equal((HttpStatusCode.OK, true), (page.Answer.Status, page.HasForm));
    }

    /// <summary>Before anybody thinks of a password: used, replaced, too old, or never one.</summary>
    [Fact]
    public async Task A_dead_link_to_a_new_password_says_so_at_once()
    {
        var used = await ResetLink();
        await (await Client.Open(used)).Press(("new_password", AccountClient.NewPassword));
        var replaced = await Server.MailedOne(MailTemplate.ResetPassword, () => Client.RequestReset("alice@example.test"));
        var late = await Server.MailedOne(MailTemplate.ResetPassword, () => Client.RequestReset("alice@example.test"));
        Assert.True((await Client.Open(late.Link())).HasForm);
        var rows = await Server.Count("account_proofs");
        var pages = new List<string>();

        foreach (var link in (Uri[])[used, replaced.Link(), new Uri(used, $"/reset-password?token={ProofToken.Make().Text}")]) pages.Add(await Dead(link));
        Assert.Equal(rows, await Server.Count("account_proofs"));   // looked at, and not used up; when its time is over it is swept away
        Pass(Server.Get<ProofSettings>().Reset);
        pages.Add(await Dead(late.Link()));

        Assert.Single(pages.Distinct());   // why it is dead, nobody learns

        async Task<string> Dead(Uri link)
        {
            var page = await Client.Open(link);
            Assert.Equal((HttpStatusCode.BadRequest, false), (page.Answer.Status, page.HasForm));
            Assert.StartsWith("This link is not valid any more.", page.Alert, StringComparison.Ordinal);
            return page.Html.Replace(page.Answer.Reason!, "", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_used_link_says_so_at_the_button()
    {
        var link = await ResetLink();
        var other = await Client.Open(link);   // in another tab
        await (await Client.Open(link)).Press(("new_password", AccountClient.NewPassword));

        var again = await other.Press(("new_password", "yet another one 44"));

        Assert.Equal(HttpStatusCode.BadRequest, again.Answer.Status);
        Assert.StartsWith("This link is not valid any more.", again.Alert, StringComparison.Ordinal);
        Assert.False(again.HasForm);
        await Client.SignIn("alice", AccountClient.NewPassword);
    }

    [Fact]
    public async Task An_address_that_was_taken_meanwhile_is_told_to_a_person()
    {
        var tokens = await Client.Join("alice");
        var letter = await Server.MailedOne(MailTemplate.ConfirmNewEmail, () => Client.RequestEmail(tokens, "bob@example.test"));
        await Client.Register("bob");

        var answer = await (await Client.Open(letter.Link())).Press();

        Assert.Equal((HttpStatusCode.Conflict, "Another account uses this e-mail address."), (answer.Answer.Status, answer.Alert));
    }

    [Fact]
    public async Task What_was_refused_is_tried_again_and_not_answered_as_before()
    {
        var tokens = await Client.Join("alice");
        var undo = await Server.ChangeEmail(tokens, "new@example.test");
        var page = await Client.Open(new Uri(Server.Url, $"/undo-email-change?token={undo}"));
        await Server.Get<UserChanges>().Disable(tokens.UserId());

        var refused = await page.Press();

        Assert.Equal(HttpStatusCode.Forbidden, refused.Answer.Status);
        Assert.StartsWith("This account is disabled, so nothing has changed.", refused.Alert, StringComparison.Ordinal);
        await Server.Get<UserChanges>().Enable(tokens.UserId());
        var done = await page.Press();
        Assert.Equal((HttpStatusCode.OK, "/undo-email-change/done"), (done.Answer.Status, done.Link.AbsolutePath));
    }

    [Theory]
    [MemberData(nameof(AllPaths))]
    [Trait("ASVS", "14.3.3")]
    public async Task A_page_loads_nothing_runs_nothing_and_leaks_nothing(string path)
    {
        var page = await Client.Open(new Uri(Server.Url, $"{path}?token={LinkToken(await ResetLink())}"));

        Assert.Equal(HttpStatusCode.OK, page.Answer.Status);
        Assert.Equal("text/html; charset=utf-8", page.Answer.Headers["Content-Type"]);
        Assert.Equal("no-store", page.Answer.Headers["Cache-Control"]);
        Assert.Equal("no-referrer", page.Answer.Headers["Referrer-Policy"]);
        Assert.Equal("nosniff", page.Answer.Headers["X-Content-Type-Options"]);
        Assert.False(page.Answer.Headers.ContainsKey("Set-Cookie"));
        Assert.Equal(
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
            page.Answer.Headers["Content-Security-Policy"]);
        Assert.DoesNotMatch("(?i)<img|<iframe|<style|http-equiv|url\\(| on[a-z]+=| style=|<script(?! type=\"module\" src=\"/assets/avouch\\.js\\?v=[0-9a-f]+\"></script>)", page.Html);
        Assert.All(Regex.Matches(page.Html, "(?:href|src|action)=\"([^\"]*)\"").Select(link => link.Groups[1].Value), link => Assert.Matches("^(/(?!/)|data:image/svg|#main$)", link));
        Assert.Single(Regex.Matches(page.Html, "avp_"));   // in the form, and in no link
    }

    [Theory]
    [InlineData("")]
    [InlineData("?token=")]
    [InlineData("?token=avp_x")]
    [InlineData("?token=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")]
    [InlineData("?token=avp_%22%3E%3Cscript%3Ealert(1)%3C/script%3Ealert(1)alert(1)x")]
    [InlineData("?token=avp_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&token=avp_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("?token=AVP_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("?token=avp_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB")]
    [Trait("ASVS", "3.2.2")]
    public async Task A_link_that_is_cut_short_or_made_up_shows_no_form_and_repeats_nothing(string query)
    {
        foreach (var path in Paths)
        {
            var page = await Client.Open(new Uri(Server.Url, path + query));

            Assert.Equal((HttpStatusCode.BadRequest, false), (page.Answer.Status, page.HasForm));
            Assert.DoesNotContain("alert(1)", page.Html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("AAAA", page.Html, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(AllPaths))]
    public async Task What_is_no_form_is_answered_with_a_page(string path)
    {
        var secret = "s3cret-marker";
        Answer[] answers =
        [
            await Client.PostRaw(path, "application/json", $"{{\"token\":\"{secret}\"}}"),
            await Client.PostRaw(path, null, ""),
            await Client.PostForm(path, ("token", secret), ("token", secret)),
            await Client.PostForm(path, ("token", secret + new string('x', 64 * 1024))),
            await Client.PostForm(path, ("other", secret)),
            await Client.PostForm(path, ("token", $"\"><script>{secret}</script>"), ("new_password", secret)),
        ];

        Assert.Equal([415, 415, 400, 413, 400, 400], answers.Select(answer => (int)answer.Status));
        foreach (var answer in answers)
        {
            answer.MustNotEcho(secret);
            Assert.Equal("text/html; charset=utf-8", answer.Headers["Content-Type"]);
            Assert.StartsWith("default-src 'none'", answer.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null, "en")]
    [InlineData("de", "de")]
    [InlineData("de-AT, en;q=0.8", "de")]
    [InlineData("en-GB, de;q=0.9", "en")]
    [InlineData("en;q=0.2, de;q=0.9", "de")]
    [InlineData("fr, de;q=0.5", "de")]
    [InlineData("fr", "en")]
    [InlineData("de;q=0", "en")]
    [InlineData("deu", "en")]
    [InlineData("\"><script>", "en")]
    [InlineData("*", "en")]
    public async Task A_page_speaks_the_language_of_the_browser(string? languages, string language)
    {
        var page = await Client.Open(new Uri(Server.Url, $"/verify-email?token={ProofToken.Make().Text}"), languages);

        Assert.Contains($"<html lang=\"{language}\" dir=\"ltr\">", page.Html, StringComparison.Ordinal);
        Assert.Equal(language == "de" ? "E-Mail-Adresse bestätigen" : "Verify your e-mail address", page.Title);
    }

    [Fact]
    public async Task A_form_goes_to_its_own_page_below_whatever_path_the_issuer_has()
    {
        await Restart(("AVOUCH_PUBLIC_URL", "https://example.test/auth"));
        var link = await ResetLink();
        Assert.StartsWith("https://example.test/auth/reset-password?token=", link.ToString(), StringComparison.Ordinal);

        var html = (await Client.Open(new Uri(Server.Url, "/reset-password" + link.Query))).Html;

        var action = Regex.Match(html, "action=\"([^\"]*)\"").Groups[1].Value;
        Assert.Equal("https://example.test/auth/reset-password", new Uri(link, action).ToString());
    }

    /// <summary>The secret stands in a query string, the one place where secrets do; nothing that is logged repeats it.</summary>
    [Fact]
    [Trait("ASVS", "14.2.1")]
    public async Task The_secret_of_a_link_is_logged_nowhere()
    {
        var link = await ResetLink();
        var page = await Client.Open(link);
        await page.Press(("new_password", "short"));
        await page.Press(("new_password", AccountClient.NewPassword));
        await Client.Send(new HttpRequestMessage(HttpMethod.Put, link.PathAndQuery));
        await Client.Get("/nowhere" + link.Query);

        Assert.NotEmpty(Server.Logs.Lines);
        Assert.DoesNotContain(Server.Logs.Lines, line => line.Contains(LinkToken(link), StringComparison.Ordinal));
        Assert.DoesNotContain(await Server.Journal(), entry => entry.ToString().Contains(LinkToken(link), StringComparison.Ordinal));
    }

    /// <summary>The framework's own line for each request holds the query string: it is off at every level.</summary>
    [Fact]
    public void The_line_with_the_query_string_is_switched_off()
    {
        using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddLogging(logging => Logs.Configure(logging, AvouchSettings.Read(new SettingsSource()).Settings!.Logs)).BuildServiceProvider();

        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics");

        Assert.All(Enum.GetValues<LogLevel>(), level => Assert.False(logger.IsEnabled(level)));
    }

    private static string LinkToken(Uri link) => Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(link.Query)["token"].Single()!;

    private async Task<Uri> ResetLink()
    {
        await Client.Register("alice");
        return (await Server.MailedOne(MailTemplate.ResetPassword, () => Client.RequestReset("alice@example.test"))).Link();
    }
}
