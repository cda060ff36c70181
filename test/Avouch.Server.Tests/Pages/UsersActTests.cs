using System.Net;
using System.Text.RegularExpressions;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Pages;

/// <summary>What is done to all that are ticked in the list: asked first, and each with a result of its own.</summary>
public sealed class UsersActTests : ServerTests
{
    [Fact]
    public async Task Of_a_mixture_each_has_its_own_result()
    {
        await Server.AddRole("manager", "users:read", "users:write");
        await Server.JoinAs(Client, "root", Role.Admin);
        foreach (var name in (string[])["anna", "bert"]) await Client.Register(name);
        await using var mia = await Server.Staff(Client, "mia", ["manager"], Glasses.NoScript);
        await mia.Open("/admin/users?sort=username");
        Assert.Equal(["Disable", "Enable", "Delete"], await mia.Page.Locator("#acts button").AllInnerTextsAsync());
        foreach (var box in await mia.Page.Locator("input[name=u]").AllAsync()) await box.CheckAsync();

        await mia.Press("Disable");
        await mia.Sees("Every session ends at once");
        Assert.Equal(["Disable", "Disable", "Nothing This is your own account. My account", "Nothing This account may do more than you."], await Results(mia));
        await mia.Look("admin-bulk-ask");
        await mia.Press("Disable");

        await mia.Sees("Done for 2 of 4.");
        Assert.Equal(["Done", "Done", "Refused This is your own account. My account", "Refused This account may do more than you."], await Results(mia));
        await mia.Look("admin-bulk-done");
        Assert.Equal((false, false, true, true), (await IsActive("anna"), await IsActive("bert"), await IsActive("mia"), await IsActive("root")));
        await mia.Follow("Back to the list");
        Assert.Equal("/admin/users?sort=username", mia.Place);
    }

    [Theory]
    [InlineData("enable"), InlineData("delete"), InlineData("reset"), InlineData("sessions/end")]
    public async Task Each_act_works_for_many(string act)
    {
        var people = await Client.SignUpMany(3);
        await Server.Get<UserChanges>().Disable(people[2].Id());
        await Server.JoinAs(Client, "root", Role.Admin);
        var root = await Clerk.SignIn(Client, "root");
        var ids = people.Select(tokens => tokens.Id().ToString()).ToList();

        var asked = await root.Get($"/admin/users/{act}?" + string.Join('&', ids.Select(id => "u=" + id)));
        Assert.Contains($"name=\"users\" value=\"{string.Join(' ', ids)}\"", asked.Text, StringComparison.Ordinal);
        var letters = await Server.Mailed(async () => Assert.Contains(act == "reset" ? "Done for 2 of 3." : "Done for 3 of 3.", (await root.Post($"/admin/users/{act}", ("users", string.Join(' ', ids)))).Text, StringComparison.Ordinal));

        Assert.Equal(act switch { "delete" => 3, "reset" => 2, _ => 0 }, letters.Count);
        Assert.Equal(act == "delete" ? 1 : 4, await Server.Count("users"));
        if (act == "enable") Assert.True(await IsActive("person2"));
        if (act == "sessions/end") (await Client.Me(people[0])).MustBe(HttpStatusCode.Unauthorized, "session_ended");
    }

    [Fact]
    public async Task Not_more_than_a_hundred_nobody_twice_and_nobody_who_is_not_there()
    {
        await Client.Register("anna");
        var anna = (await Server.Find("anna")).Id;
        await Server.JoinAs(Client, "root", Role.Admin);
        var root = await Clerk.SignIn(Client, "root");

        var many = string.Join(' ', Enumerable.Range(0, 100).Select(_ => Guid.NewGuid()).Append(anna));
        (await root.Post("/admin/users/disable", ("users", many))).MustRefuse(HttpStatusCode.BadRequest);
        Assert.True(await IsActive("anna"));
        Assert.Contains("Done for 1 of 1.", (await root.Post("/admin/users/disable", ("users", $"{anna} {anna} {Guid.NewGuid()} nonsense"))).Text, StringComparison.Ordinal);
        Assert.Contains("Nobody was ticked.", (await root.Get("/admin/users/delete")).Text, StringComparison.Ordinal);
        Assert.Contains("Nobody was ticked.", (await root.Post("/admin/users/delete")).Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("ASVS", "7.5.1")]
    public async Task An_old_sign_in_is_confirmed_first_and_the_ticks_are_kept()
    {
        await Client.Register("anna");
        var anna = (await Server.Find("anna")).Id;
        await Server.JoinAs(Client, "root", Role.Admin);
        var root = await Clerk.SignIn(Client, "root");
        Pass(TimeSpan.FromMinutes(11));

        (await root.Get($"/admin/users/delete?u={anna}")).MustLeadTo("/confirm?return_to=" + Uri.EscapeDataString($"/admin/users/delete?u={anna}"));
        (await root.Post("/admin/users/delete", ("users", anna.ToString()))).MustLeadTo("/confirm");
        Assert.Equal(2, await Server.Count("users"));
    }

    [Fact]
    [Trait("ASVS", "7.5.1")]
    public async Task Whoever_shows_the_password_again_finds_the_same_people_ticked()
    {
        foreach (var name in (string[])["anna", "bert"]) await Client.Register(name);
        await using var root = await Server.Staff(Client, "root", [Role.Admin], Glasses.NoScript);
        Pass(TimeSpan.FromMinutes(11));
        await root.Open("/admin/users?q=anna");
        await root.Page.Locator("input[name=u]").CheckAsync();
        await root.Press("Delete");
        await root.Fill(("Password", TestClient.Password));
        await root.Press("Go on");
        await root.Press("Delete for good");

        await root.Sees("Done for 1 of 1.");
        await root.Follow("Back to the list");
        Assert.Equal("/admin/users?q=anna", root.Place);
        Assert.Null(await Server.Get<UserAccounts>().FindNamed("anna"));
        Assert.NotNull(await Server.Get<UserAccounts>().FindNamed("bert"));
    }

    [Fact]
    public async Task The_way_back_leads_to_the_list_and_nowhere_else()
    {
        await Server.JoinAs(Client, "root", Role.Admin);
        var root = await Clerk.SignIn(Client, "root");

        foreach (var path in (string[])["https://evil.test", "//evil.test", "/sign-out", "/admin/users\\@evil.test"])
            Assert.Contains("<a class=\"button second\" href=\"/admin/users\">Back to the list</a>", (await root.Get("/admin/users/delete?return_to=" + Uri.EscapeDataString(path))).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(360, true, "en")]
    [InlineData(1100, false, "de")]
    public async Task It_looks_well_in_every_light(int width, bool isDark, string language)
    {
        await Server.Add("Donaudampfschifffahrtsgesellschaftskapitaenswitwenrentenanstalt", "donaudampfschifffahrtsgesellschaft@verwaltung.example.test", string.Concat(Enumerable.Repeat("Wolfeschlegelsteinhausenberger", 6)));
        await using var root = await Server.Staff(Client, "root", [Role.Admin], new Glasses { Width = width, IsDark = isDark, Language = language });
        await root.Open("/admin/users?sort=username");
        await root.Page.Locator("#tick-all").CheckAsync();
        await root.Page.Locator("#acts button").Last.ClickAsync();
        await root.Page.WaitForURLAsync("**/delete?*");
        await root.Look("admin-bulk-ask");
        await root.Page.Locator("main form button.danger").ClickAsync();
        await root.Page.Locator("[role=status]").WaitForAsync();
        await root.Look("admin-bulk-done");
    }

    private async Task<bool> IsActive(string name) => (await Server.Find(name)).IsActive;

    private static async Task<IEnumerable<string>> Results(Person person) => (await person.Page.Locator("tbody td").AllInnerTextsAsync()).Select(text => Regex.Replace(text, @"\s+", " ").Trim());
}
