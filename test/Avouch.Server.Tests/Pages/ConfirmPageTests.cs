using System.Net;
using Avouch.Server.Http;
using Avouch.Server.Journal;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Pages;

/// <summary>The password once more, before what destroys something.</summary>
[Trait("ASVS", "7.5.1")]
public sealed class ConfirmPageTests : ServerTests
{
    [Fact]
    public async Task Whoever_shows_it_goes_on_and_it_counts_for_ten_minutes()
    {
        await Client.Register("alice");
        await using var alice = await Person.At(Server);
        alice.Expect(403);
        await alice.SignIn("alice");
        await alice.Open("/confirm?return_to=/account?a=b");
        Assert.Equal("/account?a=b", alice.Place);   // signed in just now

        Pass(Guard.MaxSignInAge);
        await alice.Open("/confirm?return_to=/account?a=b");
        Assert.StartsWith("/confirm", alice.Place, StringComparison.Ordinal);
        Assert.Equal("alice@example.test", await alice.Page.GetByLabel("Signed in as").InputValueAsync());
        await alice.Look("confirm");
        await alice.Fill(("Password", "wrong password 1"));
        await alice.Press("Go on");
        Assert.StartsWith("The password is not right.", await alice.Alert(), StringComparison.Ordinal);
        await alice.Look("confirm-refused");
        Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.SignInFailed);

        await alice.Fill(("Password", TestClient.Password));
        await alice.Press("Go on");
        Assert.Equal("/account?a=b", alice.Place);
        Pass(Guard.MaxSignInAge - TimeSpan.FromSeconds(1));
        await alice.Open("/confirm");
        Assert.Equal("/account", alice.Place);
        Pass(TimeSpan.FromSeconds(1));
        await alice.Open("/confirm");
        Assert.Equal("/confirm", alice.Place);
    }

    [Fact]
    public async Task Without_a_script_on_a_small_screen_in_German()
    {
        await Client.Register("alice");
        await using var alice = await Person.At(Server, Glasses.Small with { Language = "de", HasScript = false });
        await alice.Open("/sign-in");
        await alice.Fill(("Benutzername oder E-Mail-Adresse", "alice"), ("Passwort", TestClient.Password));
        await alice.Press("Anmelden");
        Pass(Guard.MaxSignInAge);
        await alice.Open("/confirm");
        await alice.Look("confirm");
        await alice.Fill(("Passwort", TestClient.Password));
        await alice.Press("Weiter");
        Assert.Equal("/account", alice.Place);
    }

    [Fact]
    public async Task It_is_for_whoever_is_signed_in_and_leads_nowhere_else()
    {
        await Client.Register("alice");
        using var browser = new FormClient(Server);
        Assert.Equal("/sign-in?return_to=%2Fconfirm", (await browser.Open("/confirm")).Headers["Location"]);
        await browser.Send("/sign-in", ("username", "alice"), ("password", TestClient.Password));
        Pass(Guard.MaxSignInAge);

        foreach (var target in (string[])["//evil.test", "https://evil.test", "/\\evil.test", "/a\nb"])
        {
            Pass(Guard.MaxSignInAge);
            var answer = await browser.Send("/confirm?return_to=" + Uri.EscapeDataString(target), ("password", TestClient.Password));
            Assert.Equal((HttpStatusCode.SeeOther, "/account"), (answer.Status, answer.Headers["Location"]));
        }
    }
}

/// <summary>Guesses of whoever sits down at somebody else's screen have an end.</summary>
public sealed class ConfirmLimitTests : ServerTests
{
    private protected override (string Name, string Value)[] Settings => [("AVOUCH_LIMITS_ENABLED", "true")];

    [Fact]
    [Trait("ASVS", "6.3.1")]
    public async Task After_some_wrong_ones_even_the_right_one_waits()
    {
        await Client.Register("alice");
        using var browser = new FormClient(Server);
        await browser.Send("/sign-in", ("username", "alice"), ("password", TestClient.Password));
        Pass(Guard.MaxSignInAge);
        Answer answer;
        var count = 0;
        do answer = await browser.Send("/confirm", ("password", "wrong password 1"));
        while (answer.Status == HttpStatusCode.Forbidden && ++count < 100);
        Assert.InRange(count, 3, 20);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.Send("/confirm", ("password", TestClient.Password))).Status);
        Assert.Matches("Please wait [0-9]+ (seconds|minutes)", answer.Text);
    }
}
