using Avouch.Server.Journal;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Tests.Places;

namespace Avouch.Server.Tests.Pages.Account;

/// <summary>Where somebody is signed in, and how they sign out there.</summary>
public sealed class DevicesPageTests : AccountPageTests
{
    [Fact]
    public async Task One_device_is_signed_out_from_another()
    {
        await Client.Register("alice");
        await using var phone = await Enter("alice", Glasses.Small);
        Pass(TimeSpan.FromMinutes(2));
        await using var alice = await Enter("alice");
        await alice.Open("/account/devices");
        await alice.Sees("This one");
        await alice.Look("account-devices");

        await alice.Press("Sign out Chrome on Linux");
        await alice.Sees("That device is signed out.");
        await alice.Sees("No other device is signed in.");
        await alice.Look("account-devices-one");

        var row = await LastRow(JournalKind.SessionEnded);
        Assert.Equal((EndReason.EndedByUser, "127.0.0.1"), (row.Detail, row.Address));
        await phone.Open("/account/devices");
        Assert.StartsWith("/sign-in", phone.Place, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_others_are_signed_out_with_one_button_also_without_a_script()
    {
        var tokens = await Client.Join("alice");
        await using var phone = await Enter("alice", Glasses.Small);
        await phone.Open("/account/devices");
        await phone.Look("account-devices");
        await using var alice = await Enter("alice", Glasses.NoScript);
        await alice.Open("/account/devices");
        await alice.Look("account-devices");

        await alice.Press("Sign out all other devices");

        await alice.Sees("All other devices are signed out.");
        await phone.Open("/account");
        Assert.StartsWith("/sign-in", phone.Place, StringComparison.Ordinal);
        Assert.Equal(401, (int)(await Client.TryRefresh(tokens.RefreshToken)).Status);
        Assert.Equal(401, (int)(await Client.Me(tokens)).Status);
        Assert.Equal(1, await CountSessions(tokens.Id()));
    }

    [Fact]
    public async Task To_sign_this_one_out_leads_out()
    {
        await Client.Register("alice");
        await using var alice = await Enter("alice", German with { IsDark = true });
        await alice.Open("/account/devices");
        await alice.Look("account-devices");

        await alice.Press("Abmelden dieses Gerät");

        await alice.Sees("Sie sind abgemeldet.");
        Assert.DoesNotContain(await alice.Page.Context.CookiesAsync(), cookie => cookie.Name == "__Host-avouch-session");
        await alice.Open("/account");
        Assert.StartsWith("/sign-in", alice.Place, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_button_that_is_pressed_again_is_done_once()
    {
        var tokens = await Client.Join("alice");
        var browser = await FormClient.SignIn(Client, "alice");
        var other = ("session", tokens.SessionId.ToString());

        var kinds = await KindsOf(async () =>
        {
            for (var i = 0; i < 3; i++)
            {
                Assert.Equal("/account/devices?notice=device-out", (await browser.Send("/account/devices", "/account/devices/end", other)).Headers["Location"]);
                Assert.Equal("/account/devices?notice=others-out", (await browser.Send("/account/devices", "/account/devices/end-others")).Headers["Location"]);
            }
        });

        Assert.Equal([JournalKind.SessionEnded], kinds);
    }

    [Fact]
    public async Task Somebody_elses_session_is_not_there_and_goes_on()
    {
        var bob = await Client.Join("bob");
        await Client.Register("alice");
        var browser = await FormClient.SignIn(Client, "alice");

        foreach (var id in (string[])[bob.SessionId.ToString(), bob.SessionId.ToString("N"), Guid.NewGuid().ToString(), "", "'; DROP TABLE sessions", "../../x"])
        {
            Assert.Empty(await KindsOf(async () =>
            {
                var answer = await browser.Send("/account/devices", "/account/devices/end", ("session", id));
                Assert.Equal(404, (int)answer.Status);
                Assert.DoesNotContain("bob", answer.Text, StringComparison.Ordinal);
            }));
        }
        await browser.Send("/account/devices", "/account/devices/end-others");
        Assert.Equal(200, (int)(await Client.Me(bob)).Status);
    }

    [Fact]
    public async Task A_refused_form_shows_the_list_with_what_is_wrong()
    {
        await Client.Register("alice");
        await Client.SignIn("alice");
        await using var alice = await Enter("alice");
        alice.Expect(404);
        await alice.Open("/account/devices");
        await alice.Page.EvaluateAsync("document.querySelectorAll('input[name=session]').forEach(field => field.value = '0198ad51-7b6c-7000-8000-000000000000')");

        await alice.Press("Sign out Unknown browser");

        await alice.Sees("There is nothing here.");
        await alice.Sees("This one");
    }
}

/// <summary>Where an operator has a file of places.</summary>
public sealed class DevicePlaceTests : AccountPageTests
{
    private protected override (string Name, string Value)[] Settings =>
        [("AVOUCH_PLACES_FILE", new PlaceWriter(6, 28).Add("127.0.0.0/8", "Vienna", "Austria", "Wien").Save(Path.Combine(Scratch, "places.mmdb")))];

    [Fact]
    public async Task People_see_roughly_where_their_devices_are()
    {
        await Client.Register("alice");
        await using var alice = await Enter("alice");
        await alice.Open("/account/devices");
        await alice.Sees("Address 127.0.0.1, near Vienna, Austria");
        await alice.Look("account-devices-places");

        await using var german = await Enter("alice", German);
        await german.Open("/account/devices");
        await german.Sees("Adresse 127.0.0.1, bei Wien, Austria");
    }
}
