using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Roles;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Pages.Operations;

/// <summary>The signing keys on their page.</summary>
public sealed class KeyPageTests : ServerTests
{
    [Fact]
    public async Task A_key_is_rotated_and_withdrawn_and_sessions_go_on()
    {
        var alice = await Client.Join("alice");
        for (var month = 0; month < 4; month++)
        {
            Pass(TimeSpan.FromDays(25));
            await Server.Get<SigningKeys>().Rotate(isNow: false);
        }
        Pass(TimeSpan.FromDays(11));
        alice = await Client.SignIn("alice");
        await using var root = await Root();
        await root.Open("/admin/keys");
        await root.Sees("Next rotation");
        await root.Look("keys");
        var first = Signing();
        Assert.Equal($"{first[..6]}…{first[^6..]}", await root.Page.Locator($"code[title='{first}']").InnerTextAsync());

        await root.Follow("Rotate now");
        await root.Sees("What the key of today signed counts");
        await root.Look("keys-rotate");
        await root.Press("Rotate now");
        Assert.Contains("Another key signs now.", await root.Alert(), StringComparison.Ordinal);
        Assert.NotEqual(first, Signing());
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(alice)).Status);
        var rotated = (await Server.Journal()).Last(row => row.Kind == JournalKind.KeyRotated);
        Assert.Equal((Signing(), await Id("root")), (rotated.Detail, rotated.ActorId));

        await root.Page.Locator($"a[href='/admin/keys/{first}/withdraw']").ClickAsync();
        await root.Sees("It cannot be undone.");
        await root.Sees(first);
        await root.Look("keys-withdraw");
        await root.Press("Withdraw for good");
        Assert.Contains("The key is withdrawn", await root.Alert(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Client.Me(alice)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(await Client.Refresh(alice))).Status);
        Assert.Equal(await Id("root"), (await Server.Journal()).Last(row => row.Kind == JournalKind.KeyWithdrawn).ActorId);

        foreach (var glasses in new[] { Glasses.Small with { IsDark = true }, Glasses.NoScript })
        {
            await using var other = await Person.At(Server, glasses);
            await other.SignIn("root");
            await other.Open("/admin/keys");
            await other.Look("keys");
        }
    }

    [Fact]
    public async Task A_young_next_key_is_rotated_only_by_whoever_says_so()
    {
        await using var root = await Root(Glasses.NoScript);
        var first = Signing();
        root.Expect(409);
        await root.Open("/admin/keys/rotate");
        await root.Sees("Whoever caches the key set may not know the next key");
        await root.Press("Rotate now");
        Assert.Contains("Nothing was done", await root.Alert(), StringComparison.Ordinal);
        Assert.Equal(first, Signing());
        await root.Look("keys-too-young");

        await using var second = await Person.At(Server);
        await second.SignIn("root");
        await second.Open("/admin/keys/rotate");
        await root.Page.GetByLabel("Rotate all the same").CheckAsync();
        await root.Press("Rotate now");
        var rotated = Signing();
        Assert.NotEqual(first, rotated);

        await second.Page.GetByLabel("Rotate all the same").CheckAsync();
        await second.Press("Rotate now");
        Assert.Equal("/admin/keys?notice=key-rotated", second.Place);
        Assert.Equal(rotated, Signing());   // the form names the key that signed when it was made
    }

    [Fact]
    public async Task The_secret_of_the_settings_is_explained_and_not_rotated()
    {
        await Server.JoinAs(Client, "root", Role.Admin);
        await Restart(("AVOUCH_ALGORITHM", "HS256"), ("AVOUCH_JWT_SECRET", "8f1c2b7d5e904a3366c1f2079bde8a451c0f3d7e2b6a9584f7e3d2c1b0a99887"));
        await using var root = await Person.At(Server);
        root.Expect(409);
        await root.SignIn("root");
        await root.Open("/admin/keys");
        await root.Sees("The secret of the settings signs (HS256)");
        Assert.Equal(0, await root.Page.GetByText("Rotate now").CountAsync());
        await root.Look("keys-hs256");

        Assert.Equal(409, (await root.Open("/admin/keys/rotate")).Status);
        await root.Sees("there is nothing to rotate");
    }

    [Fact]
    public async Task Who_may_only_see_keys_finds_no_button_and_a_forged_form_does_nothing()
    {
        await Server.AddRole("seer", Permission.KeysRead);
        await Server.JoinAs(Client, "seer", "seer");
        await using var seer = await Person.At(Server);
        await seer.SignIn("seer");
        await seer.Open("/admin/keys");
        Assert.Equal(0, await seer.Page.Locator("main a.button").CountAsync());

        await using var root = await Root();
        root.Expect(403);
        await root.Open("/admin/keys");
        var first = Signing();
        foreach (var path in new[] { "/admin/keys/rotate", $"/admin/keys/{first}/withdraw", "/admin/mail/retry" })
            Assert.Equal(403, await root.Page.EvaluateAsync<int>("async path => (await fetch(path, { method: 'POST', body: new URLSearchParams({ now: 'on', form: 'guessed' }) })).status", path));
        Assert.Equal(HttpStatusCode.Forbidden, (await Client.PostForm("/admin/keys/rotate", ("now", "on"))).Status);
        Assert.Equal(first, Signing());
    }

    [Fact]
    public async Task An_old_sign_in_is_asked_for_the_password_first()
    {
        await using var root = await Root();
        Pass(TimeSpan.FromMinutes(10));
        root.Expect(404);   // until the page that asks exists
        await root.Open("/admin/keys/rotate");
        Assert.StartsWith("/confirm?return_to=%2Fadmin%2Fkeys%2Frotate", root.Place, StringComparison.Ordinal);
    }

    private string Signing() => Server.Get<SigningKeys>().Current.Signer.KeyId;

    private async Task<Guid> Id(string name) => (await Server.Get<UserAccounts>().FindNamed(name))!.Id;

    private async Task<Person> Root(Glasses? glasses = null)
    {
        await Server.JoinAs(Client, "root", Role.Admin);
        var root = await Person.At(Server, glasses);
        await root.SignIn("root");
        return root;
    }
}
