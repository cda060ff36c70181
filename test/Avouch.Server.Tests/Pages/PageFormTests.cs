using System.Net;
using System.Text;
using Avouch.Server.Http;
using Avouch.Server.Journal;
using Avouch.Server.Pages;
using Avouch.Server.Sessions;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;
using Microsoft.AspNetCore.Http;

namespace Avouch.Server.Tests.Pages;

/// <summary>Forms that another site sends, or somebody else, or nobody's page: nothing of them is done.</summary>
public sealed class PageFormTests : ServerTests
{
    private protected override (string Name, string Value)[] Settings => [("AVOUCH_ALLOWED_ORIGINS", "https://app.example.test")];

    public static TheoryData<string?, string?> Foreign => new()
    {
        { "cross-site", null },
        { "same-site", null },
        { "none", null },
        { "cross-site", TestServer.Issuer },
        { "same-origin, cross-site", TestServer.Issuer },
        { "SAME-ORIGIN", null },
        { "same-origin", "https://evil.example" },
        { "same-origin", TestServer.Issuer + ".evil.example" },
        { "same-origin", "https://app.example.test" },
        { "same-origin", "http://localhost:1" },
        { null, "https://evil.example" },
        { null, TestServer.Issuer + ".evil.example" },
        { null, "http://auth.example.test" },
        { null, TestServer.Issuer + ":8443" },
        { null, "https://app.example.test" },
        { "same-site", "https://app.example.test" },
        { null, "null" },
        { null, null },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    [Trait("ASVS", "3.5.1")]
    [Trait("ASVS", "3.5.3")]
    public async Task What_another_site_sends_is_refused_though_cookie_and_token_are_right(string? site, string? origin)
    {
        await Client.Register("alice");
        var browser = await new PlainBrowser(Client).Enter("alice");
        var form = await browser.Token("/account", "/sign-out");
        var rows = await Server.Count("journal");

        var answer = await browser.Post("/sign-out", [("form", form)], ("Sec-Fetch-Site", site), ("Origin", origin));

        Refused(answer, "This form was sent by another site.");
        Assert.False(answer.Headers.ContainsKey("Set-Cookie"));
        Assert.Equal(rows, await Server.Count("journal"));
        Assert.True(await browser.IsIn());
    }

    [Theory]
    [InlineData("same-origin", null)]
    [InlineData("same-origin", "null")]
    [InlineData("same-origin", TestServer.Issuer)]
    [InlineData("same-origin", "the address that was asked")]
    [InlineData(null, TestServer.Issuer)]
    public async Task What_our_own_page_sends_is_done(string? site, string? origin)
    {
        if (origin == "the address that was asked") origin = Server.Url.GetLeftPart(UriPartial.Authority);
        await Client.Register("alice");
        var browser = await new PlainBrowser(Client).Enter("alice");

        await browser.Post("/sign-out", [("form", await browser.Token("/account", "/sign-out"))], ("Sec-Fetch-Site", site), ("Origin", origin));

        Assert.False(await browser.IsIn());
    }

    [Fact]
    [Trait("ASVS", "3.5.1")]
    public async Task A_form_without_the_token_or_with_that_of_somebody_else_is_refused()
    {
        await Client.Register("alice");
        await Client.Register("mallory");
        var (alice, mallory, before) = (new PlainBrowser(Client), await new PlainBrowser(Client).Enter("mallory"), new PlainBrowser(Client));
        var visitors = await before.Token("/sign-in", "/sign-in");
        await alice.Enter("alice");
        var first = await alice.Token("/account", "/sign-out");
        await alice.Fill("/account", "/sign-out");
        await alice.Enter("alice");
        var genuine = await alice.Token("/account", "/sign-out");
        var cookies = alice.Jar.ToList();

        foreach (var token in (string?[])[null, "", "avf_", genuine[..^1], genuine + "A", genuine.ToUpperInvariant(), await mallory.Token("/account", "/sign-out"), visitors, first, alice.Jar[PlainBrowser.Session]])
            Refused(await alice.Post("/sign-out", token is null ? [] : [("form", token)]), "This form is too old");

        Assert.Equal(cookies, alice.Jar);
        Assert.True(await alice.IsIn());
    }

    [Fact]
    [Trait("ASVS", "3.5.1")]
    public async Task A_sign_in_needs_the_cookie_that_its_form_was_given_with()
    {
        await Client.Register("alice");
        var (browser, other) = (new PlainBrowser(Client), new PlainBrowser(Client));
        var form = await browser.Token("/sign-in", "/sign-in");
        await other.Get("/sign-in");
        (string, string)[] fields = [("form", form), ("username", "alice"), ("password", TestClient.Password)];

        Refused(await new PlainBrowser(Client).Post("/sign-in", fields), "your browser keeps no cookies of this site");
        Refused(await other.Post("/sign-in", fields), "This form is too old");

        Assert.DoesNotContain(await Server.Journal(), entry => entry.Kind == JournalKind.SignedIn);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.Post("/sign-in", fields)).Status);
    }

    [Fact]
    public async Task A_form_of_before_the_sign_in_opens_what_anybody_may_and_nothing_of_the_account()
    {
        await Client.Register("alice");
        var browser = new PlainBrowser(Client);
        var before = await browser.Token("/sign-in", "/sign-in");
        await browser.Enter("alice");
        var session = Assert.Single(await Server.Get<UserSessions>().ListAll(Guid.Empty, 10));
        var visitor = new PageVisitor(session, (await Server.Get<UserAccounts>().Find(session.UserId))!);
        var http = new DefaultHttpContext { Request = { Headers = { Cookie = $"{PlainBrowser.Visitor}={browser.Jar[PlainBrowser.Visitor]}; {PageCookies.Session}={browser.Jar[PageCookies.Session]}" } } };

        Assert.True(Page(visitor, before).HasOwnForm(AccessRule.Open));
        Assert.True(Page(null, before).HasOwnForm(AccessRule.Open));
        Assert.False(Page(visitor, before).HasOwnForm(AccessRule.SignedIn));
        Assert.True(Page(visitor, Page(visitor, before).FormToken()).HasOwnForm(AccessRule.SignedIn));

        PageRequest Page(PageVisitor? who, string form) => new(http, Server.Get<PageKit>(), who, new FormCollection(new() { ["form"] = form }));
    }

    [Theory]
    [InlineData("application/json", """{"form":"FORM"}""", 415)]
    [InlineData("text/plain", "form=FORM", 415)]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"form\"\r\n\r\nFORM\r\n--x--\r\n", 415)]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7", "form=FORM", 415)]
    [InlineData("application/x-www-form-urlencoded", "form=FORM&form=FORM", 400)]
    [InlineData(null, "form=FORM", 415)]
    public async Task A_form_in_another_dress_is_refused_with_a_page(string? type, string body, int status)
    {
        await Client.Register("alice");
        var browser = await new PlainBrowser(Client).Enter("alice");
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.Replace("FORM", await browser.Token("/account", "/sign-out"), StringComparison.Ordinal)));
        if (type is not null) content.Headers.TryAddWithoutValidation("Content-Type", type);

        var answer = await browser.Send(HttpMethod.Post, "/sign-out", content, ("Sec-Fetch-Site", "same-origin"));

        Assert.Equal((status, "text/html; charset=utf-8"), ((int)answer.Status, answer.Headers["Content-Type"]));
        Assert.True(await browser.IsIn());
    }

    [Theory]
    [InlineData(100, 100_000, 413)]
    [InlineData(2_000, 1, 400)]
    [InlineData(1, 40_000, 403)]
    public async Task A_huge_form_is_refused_with_a_page(int fields, int length, int status)
    {
        var browser = new PlainBrowser(Client);
        await browser.Get("/sign-in");
        var body = string.Join('&', Enumerable.Range(0, fields).Select(number => $"f{number}={new string('x', length / fields is 0 ? 1 : length / fields)}"));

        var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body)) { Headers = { { "Content-Type", "application/x-www-form-urlencoded" } } };
        var answer = await browser.Send(HttpMethod.Post, "/sign-in", content, ("Sec-Fetch-Site", "same-origin"));

        Assert.Equal((status, "text/html; charset=utf-8"), ((int)answer.Status, answer.Headers["Content-Type"]));
    }

    [Fact]
    [Trait("ASVS", "3.5.3")]
    public async Task No_GET_or_HEAD_changes_anything()
    {
        await Client.Register("alice");
        var browser = await new PlainBrowser(Client).Enter("alice");
        var rows = await Server.Count("journal");

        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
            Assert.Equal(HttpStatusCode.MethodNotAllowed, (await browser.Send(method, "/sign-out?form=" + await browser.Token("/account", "/sign-out"), null)).Status);

        Assert.Equal(rows, await Server.Count("journal"));
        Assert.True(await browser.IsIn());
    }

    [Fact]
    public async Task Who_is_signed_out_meanwhile_is_led_to_the_sign_in_and_back_to_the_page_of_the_form()
    {
        await Client.Register("alice");
        var browser = new PlainBrowser(Client);

        var answer = await browser.Get("/account?notice=saved&q=a%20b");

        Assert.Equal("/sign-in?return_to=%2Faccount%3Fq%3Da%2520b", answer.Headers["Location"]);
    }

    /// <summary>An allowed origin of the same domain gets the cookie sent along: what it must not get is the answer.</summary>
    [Fact]
    [Trait("ASVS", "3.4.2")]
    public async Task No_page_is_read_by_another_origin_however_much_it_may_read_of_the_API()
    {
        await Client.Register("alice");
        var browser = await new PlainBrowser(Client).Enter("alice");

        foreach (var path in (string[])["/account", "/", "/sign-in", "/admin", "/nothing"])
            Assert.DoesNotContain("Access-Control-Allow-Origin", (await browser.Get(path, ("Origin", "https://app.example.test"))).Headers.Keys);
        Assert.Contains("Access-Control-Allow-Origin", (await browser.Get("/api/v1/users/me", ("Origin", "https://app.example.test"))).Headers.Keys);
    }

    private static void Refused(Answer answer, string sentence)
    {
        Assert.Equal((HttpStatusCode.Forbidden, "text/html; charset=utf-8"), (answer.Status, answer.Headers["Content-Type"]));
        Assert.Contains(sentence, answer.Text, StringComparison.Ordinal);
        Assert.Contains(answer.Reason!, answer.Text, StringComparison.Ordinal);
    }
}
