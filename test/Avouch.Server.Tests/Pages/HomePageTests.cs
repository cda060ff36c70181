using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Pages;

/// <summary>What stands at the root.</summary>
public sealed class HomePageTests : ServerTests
{
    [Fact]
    public async Task A_first_visitor_learns_what_runs_here_and_where_to_go()
    {
        await using var visitor = await Person.At(Server);
        await visitor.Open("/");
        Assert.Equal("/", visitor.Place);
        await visitor.Sees("This is Avouch. It keeps the accounts");
        await visitor.Look("home");
        Assert.Equal(["/sign-in", "/sign-up", "/docs", "/.well-known/openid-configuration", "/health"],
            await visitor.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('main a, footer a')].map(link => link.getAttribute('href'))"));
        await visitor.Follow("Sign in");
        Assert.Equal("/sign-in", visitor.Place);
    }

    [Fact]
    public async Task Without_the_document_there_is_no_link_to_it()
    {
        await Restart(("AVOUCH_DOCS_ENABLED", "false"));
        Assert.DoesNotContain("/docs", (await Client.Get("/")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/dev/mail", (await Client.Get("/")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_who_is_signed_in_is_greeted()
    {
        await Server.JoinAs(Client, "alice", Role.Admin);
        await using var alice = await Person.At(Server, Glasses.Small with { Language = "de", IsDark = true });
        await alice.Open("/");
        await alice.Look("home");
        await alice.Follow("Anmelden");
        await alice.Fill(("Benutzername oder E-Mail-Adresse", "alice"), ("Passwort", TestClient.Password));
        await alice.Press("Anmelden");
        await alice.Open("/");
        await alice.Sees("Guten Tag, alice");
        await alice.Look("home-signed-in");
        await alice.Follow("Verwaltung");
        Assert.Equal("/admin", alice.Place);
    }
}
