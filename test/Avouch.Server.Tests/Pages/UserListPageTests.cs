using System.Net;
using System.Text.RegularExpressions;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;
using Microsoft.Playwright;

namespace Avouch.Server.Tests.Pages;

/// <summary>The list of users at <c>/admin/users</c>: found as one types or by a button, a page at a time.</summary>
public sealed class UserListPageTests : ServerTests
{
    [Fact]
    public async Task Somebody_is_found_while_one_types_and_an_older_question_is_dropped()
    {
        await Server.Add("anna", "anna@example.test", "Anna Mustermann");
        await Server.Add("annegret", "annegret@example.test");
        await Server.Add("bert", "bert@example.test");
        await using var root = await Server.Staff(Client, "root", [Role.Admin]);
        await root.Open("/admin/users");
        await root.Sees("4 found.");
        await root.Look("admin-users");
        var (held, dropped) = (new TaskCompletionSource(), new TaskCompletionSource());
        await root.Page.RouteAsync("**/admin/users?q=a", async route =>
        {
            held.SetResult();
            await dropped.Task;
            await route.AbortAsync();
        });
        root.Page.RequestFailed += (_, request) => { if (request.Url.EndsWith("?q=a", StringComparison.Ordinal)) dropped.TrySetResult(); };

        await root.Page.Locator("#q").PressSequentiallyAsync("a");
        await held.Task;
        await root.Page.Locator("#q").PressSequentiallyAsync("nn");

        await root.Sees("2 found.");
        await dropped.Task;
        await Assertions.Expect(root.Page.Locator("#list tbody tr")).ToHaveCountAsync(2);
        await Assertions.Expect(root.Page.Locator("#said")).ToHaveTextAsync("2 found.");
        Assert.Equal("/admin/users?q=ann", root.Place);
        await root.Page.Locator("#q").PressSequentiallyAsync("a m");
        await root.Sees("1 found.");
        await root.Follow("Anna Mustermann");
        await root.Page.GoBackAsync();
        await Assertions.Expect(root.Page.Locator("#list tbody tr")).ToHaveCountAsync(1);
        await root.Page.Locator("#q").FillAsync("nobody at all");
        await root.Sees("Nobody is found. A search looks at the beginning of names and addresses.");
        await root.Look("admin-users-none");
    }

    [Fact]
    public async Task Whoever_is_signed_out_meanwhile_is_led_to_the_sign_in()
    {
        await using var root = await Server.Staff(Client, "root", [Role.Admin]);
        await root.Open("/admin/users");
        await Server.Get<Sessions.UserSessions>().EndAll((await Server.Find("root")).Id, "signed_out", address: null);

        await root.Page.Locator("#q").FillAsync("x");

        await root.Page.WaitForURLAsync("**/sign-in?return_to=*");
    }

    [Fact]
    public async Task Without_a_script_a_button_searches_and_pages_keep_the_filters()
    {
        for (var i = 0; i < 60; i++) await Server.Add($"person{i:00}", $"person{i:00}@example.test");
        await Server.Add("other", "other@example.test");
        await using var root = await Server.Staff(Client, "root", [Role.Admin], Glasses.NoScript);
        await root.Open("/admin/users");
        await root.Page.Locator("#q").FillAsync("person");
        await root.Page.Locator("#sort").SelectOptionAsync("username");
        await root.Press("Search");

        Assert.Equal(Names(0, 25), await Shown(root));
        await root.Sees("25 on this page; there are more.");
        await root.Look("admin-users-paged");
        await root.Follow("Next page");
        Assert.Equal(Names(25, 25), await Shown(root));
        Assert.Equal("person", await root.Page.Locator("#q").InputValueAsync());
        await root.Follow("Next page");
        Assert.Equal(Names(50, 10), await Shown(root));
        Assert.Equal(0, await root.Page.GetByText("Next page").CountAsync());
        await root.Follow("Previous page");
        Assert.Equal(Names(25, 25), await Shown(root));
        await root.Follow("Previous page");
        Assert.Equal(Names(0, 25), await Shown(root));
        await root.Page.Locator("#is-active").SelectOptionAsync("false");
        await root.Press("Search");
        await root.Sees("Nobody is found.");
    }

    [Fact]
    public async Task Filters_narrow_and_the_address_can_be_kept()
    {
        await Server.AddRole("support", "users:read");
        await Server.Add("ann", "ann@example.test", null, "support");
        var ben = await Server.Add("ben", "ben@example.test");
        await Server.Get<UserChanges>().Disable(ben.Id);
        await Server.JoinAs(Client, "root", Role.Admin);
        var root = await Clerk.SignIn(Client, "root");

        Assert.Equal(["ann"], Found(await root.Get("/admin/users?role=support")));
        Assert.Equal(["ben"], Found(await root.Get("/admin/users?is_active=false")));
        Assert.Equal(["root", "ben", "ann"], Found(await root.Get("/admin/users?sort=-username&is_verified=false")));
        Assert.Empty(Found(await root.Get("/admin/users?role=support&is_active=false")));
        Assert.Contains("""<option value="nobodys" selected>""", (await root.Get("/admin/users?role=nobodys")).Text, StringComparison.Ordinal);
        Assert.Equal(3, Found(await root.Get("/admin/users?after=forged")).Length);   // narrows nothing
        foreach (var query in (string[])["rule=admin", "is_active=perhaps", "sort=password_hash", "q=a&q=b"])
        {
            var refused = (await root.Get("/admin/users?" + query)).MustRefuse(HttpStatusCode.UnprocessableEntity);
            Assert.Empty(Found(refused));   // a filter that was not understood shows nobody, and not everybody
        }
    }

    [Fact]
    public async Task The_part_is_the_list_alone_and_the_longest_cursor_has_room()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('d', 60), 3)) + ".test";
        for (var i = 0; i < 30; i++) await Server.Add(null, $"{i:00}{new string('x', 254 - domain.Length - 3)}@{domain}");
        await Server.JoinAs(Client, "root", Role.Admin);
        var root = await Clerk.SignIn(Client, "root");

        var part = await root.Get("/admin/users?sort=email", ("Avouch-Part", "list"));

        Assert.StartsWith("<div id=\"list\">", part.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<html", part.Text, StringComparison.Ordinal);
        Assert.Equal(25, Found(part).Length);
        var next = WebUtility.HtmlDecode(Regex.Match(part.Text, "rel=\"next\" href=\"([^\"]+)\"").Groups[1].Value);
        Assert.Equal(6, Found(await root.Get(next)).Length);
    }

    [Fact]
    public async Task Names_are_text_and_long_ones_have_room_on_a_small_screen()
    {
        await Server.Add("mallory", "mallory@example.test", "<script>alert(1)</script><img src=x onerror=alert(2)>");
        await Server.Add("Donaudampfschifffahrtsgesellschaftskapitaenswitwenrentenanstalt", "donaudampfschifffahrtsgesellschaftskapitaenswitwenrente@verwaltung.example.test", string.Concat(Enumerable.Repeat("Wolfeschlegelsteinhausenberger", 6)));
        await Server.Add(null, "rtl@example.test", "ليلى بنت محمد");
        await using var root = await Server.Staff(Client, "root", [Role.Admin], Glasses.Small with { IsDark = true });

        await root.Open("/admin/users");

        await root.Sees("<script>alert(1)</script>");
        await root.Look("admin-users");
        await root.Page.Locator("#tick-all").CheckAsync();
        await root.Look("admin-users-ticked");
        Assert.Equal(4, await root.Page.Locator("input[name=u]:checked").CountAsync());
        await root.Page.GetByRole(AriaRole.Link, new() { Name = "<script>alert(1)</script>" }).ClickAsync();
        await root.Page.WaitForURLAsync("**/admin/users/*-*");
        await root.Look("admin-user-markup");
    }

    [Fact]
    public async Task In_German_too()
    {
        await Server.Add("anna", "anna@example.test", "Anna Mustermann");
        await using var root = await Server.Staff(Client, "root", [Role.Admin], new Glasses { Language = "de" });

        await root.Open("/admin/users");

        await root.Sees("Konten: 2. Aktiv: 2. Mit bestätigter Adresse: 0.");
        await root.Look("admin-users");
    }

    [Fact]
    public async Task Who_may_only_look_has_no_boxes_and_who_may_not_look_no_page()
    {
        await Server.AddRole("looker", "users:read");
        await Server.AddRole("journalist", "journal:read");
        await Server.JoinAs(Client, "lois", "journalist");
        await using var larry = await Server.Staff(Client, "larry", ["looker"]);
        await larry.Open("/admin/users");

        Assert.Equal(0, await larry.Page.Locator("input[type=checkbox], form#acts").CountAsync());
        Assert.Equal(0, await larry.Page.GetByText("Add a user").CountAsync());
        await larry.Look("admin-users-looker");
        (await (await Clerk.SignIn(Client, "lois")).Get("/admin/users")).MustRefuse(HttpStatusCode.Forbidden);
    }

    internal static string[] Found(Answer answer) => [.. Regex.Matches(answer.Text, "<th scope=\"row\"><a [^>]*><bdi>([^<]*)</bdi>").Select(match => match.Groups[1].Value)];

    private static async Task<IReadOnlyList<string>> Shown(Person person) => await person.Page.Locator("#list tbody th a").AllInnerTextsAsync();

    private static IEnumerable<string> Names(int first, int count) => Enumerable.Range(first, count).Select(i => $"person{i:00}");
}
