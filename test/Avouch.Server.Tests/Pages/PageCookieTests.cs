using System.Net;
using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace Avouch.Server.Tests.Pages;

/// <summary>A browser keeps other hosts from setting a cookie of ours in its exact spelling only, so no other one is read.</summary>
public sealed class PageCookieTests : ServerTests
{
    [Theory]
    [InlineData("a=1", "1")]
    [InlineData("b=2; a=1;c=3", "1")]
    [InlineData(" a=x=y ;", "x=y")]
    [InlineData("a=", "")]
    [InlineData("A=1", null)]
    [InlineData("A=1; a=2", "2")]
    [InlineData("a=1; A=2", "1")]
    [InlineData("a=1; a=2", null)]
    [InlineData("a=1; a=1", null)]
    [InlineData("a=1; a=", null)]
    [InlineData("a=1; a=2; a=3", null)]
    [InlineData("aa=1; ba=1; a", null)]
    [InlineData("b=\"; a=1\"", "1\"")]
    [InlineData("", null)]
    public void A_cookie_is_found_by_its_exact_name_and_once(string sent, string? found) =>
        Assert.Equal(found, CookieField.Find(new DefaultHttpContext { Request = { Headers = { Cookie = sent } } }, "a"));

    [Fact]
    public void Two_lines_of_cookies_are_one() =>
        Assert.Null(CookieField.Find(new DefaultHttpContext { Request = { Headers = { Cookie = new(["a=1", "a=2"]) } } }, "a"));

    [Fact]
    [Trait("ASVS", "3.3.3")]
    public async Task A_session_that_another_host_planted_in_another_spelling_counts_for_nothing()
    {
        await Client.Register("alice");
        await Client.Register("mallory");
        var (alice, mallory, nobody) = (await new PlainBrowser(Client).Enter("alice"), await new PlainBrowser(Client).Enter("mallory"), new PlainBrowser(Client));
        var planted = mallory.Jar[PageCookies.Session];
        var spelled = PageCookies.Session.Replace("__Host-", "__HOST-", StringComparison.Ordinal);

        nobody.Jar[spelled] = planted;
        Assert.False(await nobody.IsIn());
        alice.Jar[spelled] = planted;
        Assert.Contains("alice@example.test", (await alice.Get("/account")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_sessions_are_none()
    {
        await Client.Register("alice");
        var browser = await new PlainBrowser(Client).Enter("alice");

        browser.Jar[PageCookies.Session] += $"; {PageCookies.Session}={browser.Jar[PageCookies.Session]}";

        Assert.False(await browser.IsIn());
    }

    [Fact]
    public async Task Two_visitors_have_no_form()
    {
        await Client.Register("alice");
        var browser = new PlainBrowser(Client);
        var form = await browser.Token("/sign-in", "/sign-in");
        browser.Jar[PageCookies.Visitor] += $"; {PageCookies.Visitor}={browser.Jar[PageCookies.Visitor]}";

        var refused = await browser.Post("/sign-in", [("form", form), ("username", "alice"), ("password", TestClient.Password)]);

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Contains("Send the form again", refused.Text, StringComparison.Ordinal);
    }
}
