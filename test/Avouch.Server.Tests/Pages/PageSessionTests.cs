using System.Net;
using Avouch.Protocol;
using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Sessions;
using Avouch.Server.Settings;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Pages;

/// <summary>The session of a page is a row like any other: whatever ends it counts for the very next page.</summary>
public sealed class PageSessionTests : ServerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    [Trait("ASVS", "3.3.1")]
    [Trait("ASVS", "3.3.2")]
    [Trait("ASVS", "3.3.3")]
    [Trait("ASVS", "3.3.4")]
    public async Task Both_cookies_are_of_this_host_and_read_by_no_script()
    {
        await Client.Register("alice");
        var browser = new PlainBrowser(Client);

        var visit = await browser.Get("/sign-in");
        var signedIn = await browser.SignIn("alice");
        var left = await browser.Fill("/account", "/sign-out");

        Assert.Matches("^__Host-avouch-visitor=[0-9a-f]{32}; path=/; secure; samesite=lax; httponly$", visit.Headers["Set-Cookie"]);
        Assert.Matches("^__Host-avouch-session=avs_[\\w-]{67}; max-age=31536000; path=/; secure; samesite=lax; httponly, __Host-avouch-device=avd_[^,]*$", signedIn.Headers["Set-Cookie"]);
        Assert.Equal("__Host-avouch-session=; max-age=0; path=/; secure; samesite=lax; httponly", left.Headers["Set-Cookie"]);
        Assert.All((Answer[])[visit, signedIn], answer => Assert.DoesNotContain("avs_", answer.Text, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("ASVS", "7.2.1")]
    [Trait("ASVS", "7.2.3")]
    public async Task A_cookie_that_we_did_not_make_opens_nothing_and_is_taken_away()
    {
        var alice = await Client.Join("alice");
        var browser = await new PlainBrowser(Client).Enter("alice");
        var genuine = browser.Jar[PlainBrowser.Session];
        var foreign = new RefreshKey(Server.Get<MasterKeys>().Current.ToPageKey().Id, new byte[RefreshKey.Length]);
        string[] forged =
        [
            genuine[..^1] + (genuine[^1] == 'A' ? 'B' : 'A'), genuine[..^1], genuine + "A", "avr_" + genuine[4..], genuine.ToUpperInvariant(), alice.SessionId.ToString("N"), "x",
            new PageToken(alice.SessionId).Mint(foreign),
            alice.RefreshToken, "avs_" + alice.RefreshToken[4..],
            new RefreshToken(alice.SessionId, 1).Mint(Server.Get<MasterKeys>().Current.ToPageKey()),
            new PageToken(alice.SessionId).Mint(Server.Get<MasterKeys>().Current.ToRefreshKey()),
            new PageToken(alice.SessionId).Mint(Server.Get<MasterKeys>().Current.ToFormKey()),
        ];

        foreach (var cookie in forged)
        {
            browser.Jar[PlainBrowser.Session] = cookie;
            Assert.False(await browser.IsIn(), cookie);
        }

        browser.Jar[PlainBrowser.Session] = genuine;
        Assert.True(await browser.IsIn());
        (await Client.TryRefresh(genuine)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");   // and the way back
        (await Client.TryRefresh("avr_" + genuine[4..])).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        (await Client.Get("/api/v1/users/me", genuine)).MustBe(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Fact]
    [Trait("ASVS", "7.2.4")]
    [Trait("ASVS", "7.4.1")]
    public async Task Each_sign_in_is_a_new_session_and_ends_the_one_before()
    {
        await Client.Register("alice");
        await Client.Register("mallory");
        var browser = new PlainBrowser(Client);
        await browser.Enter("mallory");
        var planted = browser.Jar[PlainBrowser.Session];   // somebody's own cookie, put into the browser of somebody else

        browser.Jar[PlainBrowser.Session] = planted;
        var answer = await browser.Post("/sign-in", [("form", await Form(browser)), ("username", "alice"), ("password", TestClient.Password)]);

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        var first = browser.Jar[PlainBrowser.Session];
        Assert.NotEqual(planted, first);
        Assert.False(await With(planted).IsIn());

        await browser.Post("/sign-in", [("form", await Form(browser)), ("username", "alice"), ("password", TestClient.Password)]);
        Assert.NotEqual(first, browser.Jar[PlainBrowser.Session]);
        Assert.True(await browser.IsIn());
        Assert.False(await With(first).IsIn());
    }

    [Fact]
    [Trait("ASVS", "7.4.1")]
    public async Task Signing_out_ends_the_session_and_not_only_the_cookie()
    {
        await Client.Register("alice");
        var browser = await new PlainBrowser(Client).Enter("alice");
        var cookie = browser.Jar[PlainBrowser.Session];

        await browser.Fill("/account", "/sign-out");

        Assert.DoesNotContain(PlainBrowser.Session, browser.Jar.Keys);
        Assert.False(await With(cookie).IsIn());
    }

    [Fact]
    [Trait("ASVS", "7.5.2")]
    [Trait("ASVS", "7.4.1")]
    public async Task It_stands_in_the_list_of_sessions_and_is_ended_there()
    {
        var alice = await Client.Join("alice");
        var browser = await new PlainBrowser(Client).Enter("alice");

        var listed = (await Client.Get("/api/v1/auth/sessions", alice.AccessToken)).Json.GetProperty("sessions").EnumerateArray().Where(session => !session.GetProperty("current").GetBoolean()).ToList();
        var ended = await Client.Delete($"/api/v1/auth/sessions/{Assert.Single(listed).GetProperty("id").GetString()}", alice.AccessToken);

        Assert.Equal(HttpStatusCode.NoContent, ended.Status);
        Assert.False(await browser.IsIn());
    }

    [Theory]
    [InlineData("all")]
    [InlineData("everybody")]
    [InlineData("disabled")]
    [InlineData("deleted")]
    [InlineData("password")]
    [Trait("ASVS", "7.4.2")]
    [Trait("ASVS", "7.4.5")]
    public async Task What_ends_the_sessions_of_a_user_ends_those_of_pages(string what)
    {
        var alice = await Client.Join("alice");
        var browser = await new PlainBrowser(Client).Enter("alice");
        var changes = Server.Get<UserChanges>();

        if (what == "all") await Server.Get<UserSessions>().EndAll(alice.Id(), EndReason.SignedOut, address: null);
        if (what == "everybody") await Server.Get<UserSessions>().EndAllOfEverybody(alice.Id());
        if (what == "disabled") Assert.Equal(UserChange.Done, await changes.Disable(alice.Id()));
        if (what == "deleted") Assert.Equal(UserChange.Done, await changes.Delete(alice.Id()));
        if (what == "password") await Client.PostJson("/api/v1/auth/password/change", new { current_password = TestClient.Password, new_password = "battery staple 43" }, alice.AccessToken);

        Assert.False(await browser.IsIn());
        Assert.False(await browser.IsIn());
    }

    [Fact]
    [Trait("ASVS", "7.4.1")]
    public async Task A_restore_forgets_no_end_of_a_session()
    {
        await Client.Register("alice");
        var (stayed, left) = (await new PlainBrowser(Client).Enter("alice"), await new PlainBrowser(Client).Enter("alice"));
        var (first, second) = (stayed.Jar[PlainBrowser.Session], left.Jar[PlainBrowser.Session]);
        await Server.BackUp(Path.Combine(Scratch, "backup.db"));
        await left.Fill("/account", "/sign-out");

        await Server.Restore(Path.Combine(Scratch, "backup.db"));
        Reconnect();

        Assert.False(await With(first).IsIn());
        Assert.False(await With(second).IsIn());
        Assert.True(await (await new PlainBrowser(Client).Enter("alice")).IsIn());
    }

    [Fact]
    [Trait("ASVS", "7.3.1")]
    public async Task It_ends_to_the_second_where_nobody_uses_it_and_each_use_counts()
    {
        await Client.Register("alice");
        var browser = await new PlainBrowser(Client).Enter("alice");
        var idle = Server.Get<SessionSettings>().IdleLimit;

        Pass(idle - Second);
        Assert.True(await browser.IsIn());
        Pass(idle - Second);
        Assert.True(await browser.IsIn());
        Pass(idle);
        Assert.False(await browser.IsIn());
    }

    [Fact]
    [Trait("ASVS", "7.3.2")]
    public async Task It_ends_to_the_second_after_its_whole_time_however_busy_it_is()
    {
        await Restart(("AVOUCH_SESSION_MAX_DAYS", "2"));
        await Client.Register("alice");
        var browser = await new PlainBrowser(Client).Enter("alice");

        for (var hour = 0; hour < 47; hour++)
        {
            Pass(TimeSpan.FromHours(1));
            Assert.True(await browser.IsIn());
        }
        Pass(TimeSpan.FromHours(1) - Second);
        Assert.True(await browser.IsIn());
        Pass(Second);
        Assert.False(await browser.IsIn());
    }

    [Fact]
    public async Task A_use_is_written_at_most_once_a_minute()
    {
        await Client.Register("alice");
        await new PlainBrowser(Client).Enter("alice");
        var session = Assert.Single(await Server.Get<UserSessions>().ListAll(Guid.Empty, 10));
        var database = new ObservedDatabase(Server.Database);
        var sessions = new PageSessions(database, Server.Get<SessionSettings>(), Server.Time);
        var device = new Device("192.0.2.7", "192.0.2.7", "a browser");

        for (var second = 0; second < 600; second++)
        {
            Pass(Second);
            Assert.NotNull(await sessions.Find(session.Id, device));
        }

        Assert.Equal(10, database.Writes);
        var now = Assert.Single(await Server.Get<UserSessions>().ListAll(Guid.Empty, 10));
        Assert.Equal((session.RotatedAt.AddSeconds(600), "192.0.2.7", "a browser"), (now.RotatedAt, now.Address, now.Agent));
        Assert.Equal(now.RotatedAt + Server.Get<SessionSettings>().IdleLimit, now.IdleUntil);
        Assert.Equal(session.Generation, now.Generation);
    }

    [Fact]
    [Trait("ASVS", "8.3.1")]
    public async Task A_role_that_is_taken_away_counts_for_the_next_page()
    {
        var root = await Client.Join("root");
        await Server.Get<UserChanges>().SetRoles(root.Id(), [Role.Admin]);
        var browser = await new PlainBrowser(Client).Enter("root");
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/admin")).Status);

        await Server.Get<UserChanges>().SetRoles(root.Id(), [Role.User]);
        var refused = await browser.Get("/admin");
        await Server.Get<UserChanges>().SetRoles(root.Id(), [Role.Admin]);

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Contains("none of your roles permits that", refused.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/admin")).Status);
    }

    [Fact]
    public async Task The_cookie_outlives_an_exchange_of_the_master_key_while_the_one_before_is_named()
    {
        await Client.Register("alice");
        var browser = await new PlainBrowser(Client).Enter("alice");
        var old = (await File.ReadAllTextAsync(Path.Combine(Server.Folder, "secret.key"))).Trim();
        var next = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));

        await Restart(("AVOUCH_SECRET_KEY", next), ("AVOUCH_SECRET_KEY_PREVIOUS", old));

        Assert.True(await With(browser.Jar[PlainBrowser.Session]).IsIn());
    }

    private PlainBrowser With(string session)
    {
        var browser = new PlainBrowser(Client);
        browser.Jar[PlainBrowser.Session] = session;
        return browser;
    }

    /// <summary>The token of a sign-in form, which somebody who is signed in is not shown: as another tab has it open since before.</summary>
    private static async Task<string> Form(PlainBrowser browser)
    {
        var session = browser.Jar[PlainBrowser.Session];
        browser.Jar.Remove(PlainBrowser.Session);
        var form = await browser.Token("/sign-in", "/sign-in");
        browser.Jar[PlainBrowser.Session] = session;
        return form;
    }
}
