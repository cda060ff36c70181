using System.Net;
using Avouch.Server.Pages;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Pages;

/// <summary>Where somebody goes after signing in: a path of ours, whatever the link said that brought them.</summary>
public sealed class ReturnToTests(SharedServer shared) : IClassFixture<SharedServer>
{
    public static TheoryData<string> Elsewhere =>
    [
        "https://evil.example/", "http://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\t/evil.example", "\t//evil.example",
        "/\n/evil.example", " //evil.example", "/ /evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "evil.example", "evil.example/account", ".evil.example", "@evil.example",
        ":8443/", "account", "?x=1", "#x", "", "/é", "/account#x", "/account\r\nSet-Cookie: x=1", "/<script>", "/\"", "/%0d%0aSet-Cookie:x=1\r", "https:evil.example", "/\u2028",
        "/\u3000/evil.example", "\uff0f\uff0fevil.example", "/\u2215evil.example",
    ];

    [Theory]
    [MemberData(nameof(Elsewhere))]
    [Trait("ASVS", "3.7.2")]
    public async Task What_leads_elsewhere_leads_to_the_account(string target)
    {
        Assert.Null(PageRequest.LocalPath(target));
        Assert.Equal("/account", await SignInWith(target));
        Assert.Equal("/account", (await (await Enter()).Get("/sign-in?return_to=" + Uri.EscapeDataString(target))).Headers["Location"]);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/account/devices?x=1&y=a%20b")]
    [InlineData("/admin/users/0195a1c0-0000-7000-8000-000000000002")]
    [InlineData("/%2f%2fevil.example")]
    [InlineData("/%5cevil.example")]
    [InlineData("/%09/evil.example")]
    [InlineData("/account/@evil.example")]
    [InlineData("/.//evil.example")]
    [Trait("ASVS", "3.7.2")]
    public async Task A_path_of_ours_is_gone_to_and_stays_here_in_every_browser(string path)
    {
        var location = await SignInWith(path);

        Assert.Equal(path, location);
        Assert.Equal("auth.example.test", new Uri(new Uri("https://auth.example.test/sign-in"), location).Host);
    }

    [Fact]
    public async Task One_that_is_too_long_is_left_out()
    {
        Assert.Equal("/account", await SignInWith("/" + new string('a', 1999)));
        Assert.Equal("/" + new string('a', 1998), await SignInWith("/" + new string('a', 1998)));
    }

    [Fact]
    public async Task Two_of_them_are_none()
    {
        var browser = await Enter();

        Assert.Equal("/account", (await browser.Get("/sign-in?return_to=%2Fadmin&return_to=%2Fadmin")).Headers["Location"]);
    }

    private async Task<string> SignInWith(string target)
    {
        var answer = await new PlainBrowser(shared.Client).SignIn("alice", returnTo: target);
        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        return answer.Headers["Location"];
    }

    private Task<PlainBrowser> Enter() => new PlainBrowser(shared.Client).Enter("alice");
}
