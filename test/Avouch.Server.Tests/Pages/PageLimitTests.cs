using System.Net;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Pages;

/// <summary>Limits in front of pages: what another site makes a browser send does not count, and what is refused says so.</summary>
public sealed class PageLimitTests : ServerTests
{
    private protected override (string Name, string Value)[] Settings => [("AVOUCH_LIMITS_ENABLED", "true")];

    [Theory]
    [InlineData("/sign-up")]
    [InlineData("/confirm")]
    [InlineData("/forgot-password")]
    [Trait("ASVS", "2.4.1")]
    [Trait("ASVS", "3.5.3")]
    public async Task Another_site_cannot_use_up_the_limits_of_a_visitor(string path)
    {
        await Client.Register("alice");
        var browser = await new PlainBrowser(Client).Enter("alice");

        for (var i = 0; i < 400; i++)
        {
            var refused = await browser.Post(path, [], ("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example"));
            Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
            Assert.DoesNotContain("RateLimit", refused.Headers.Keys);
        }

        var own = await browser.Post(path, []);
        var quota = long.Parse(own.Headers["RateLimit-Policy"].Split("q=")[1].Split(';')[0], System.Globalization.CultureInfo.InvariantCulture);
        var left = quota - (path == "/sign-up" ? 2 : 1);   // one sign-up is that of alice
        Assert.Contains($";r={left};", own.Headers["RateLimit"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sign_out_that_a_limit_holds_back_says_so_and_the_session_goes_on()
    {
        await Client.Register("alice");
        var browser = await new PlainBrowser(Client).Enter("alice");
        var form = await browser.Token("/account", "/sign-out");
        for (var i = 0; i < 300; i++) Assert.Equal(HttpStatusCode.Forbidden, (await browser.Post("/sign-out", [])).Status);

        var refused = await browser.Post("/sign-out", [("form", form)]);

        Assert.Equal((HttpStatusCode.TooManyRequests, "text/html; charset=utf-8"), (refused.Status, refused.Headers["Content-Type"]));
        Assert.Contains("There were too many tries. Please wait 60 seconds and try again.", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("You are signed out", refused.Text, StringComparison.Ordinal);
        Assert.True(await browser.IsIn());
        Pass(TimeSpan.FromMinutes(1));
        Assert.Equal("/sign-in?notice=signed-out", (await browser.Post("/sign-out", [("form", form)])).Headers["Location"]);
        Assert.False(await browser.IsIn());
    }
}
