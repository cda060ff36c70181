using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Pages;

/// <summary>The sign-in of our own pages.</summary>
public sealed class SignInPageTests : ServerTests
{
    [Fact]
    public async Task Somebody_signs_in_and_out_again()
    {
        await Client.Register("alice");
        await using var alice = await Person.At(Server);

        await alice.Open("/account");
        Assert.StartsWith("/sign-in?return_to=", alice.Place, StringComparison.Ordinal);
        await alice.Look("sign-in");
        alice.Expect(401);
        await alice.Fill(("User name or e-mail address", "alice"), ("Password", "wrong password 1"));
        await alice.Press("Sign in");
        await alice.Sees("The name or the password is not right.");
        await alice.Look("sign-in-refused");

        await alice.Fill(("User name or e-mail address", "alice"), ("Password", TestClient.Password));
        await alice.Press("Sign in");
        Assert.Equal("/account", alice.Place);
        await alice.Look("profile");

        await alice.Press("Sign out");
        await alice.Sees("You are signed out.");
        await alice.Open("/account");
        Assert.StartsWith("/sign-in", alice.Place, StringComparison.Ordinal);
    }
}
