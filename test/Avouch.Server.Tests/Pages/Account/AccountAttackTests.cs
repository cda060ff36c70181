using System.Net;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Pages.Account;

/// <summary>Forms of the account that somebody else sends, or that somebody sends who is not signed in.</summary>
public sealed class AccountAttackTests : AccountPageTests
{
    private static readonly (string Path, (string, string)[] Fields)[] Forms =
    [
        ("/account", [("username", "mallory"), ("full_name", ""), ("locale", "")]),
        ("/account/verification", []),
        ("/account/security/email", [("new_email", "mallory@example.test"), ("email_password", TestClient.Password)]),
        ("/account/security/email/cancel", []),
        ("/account/security/password", [("current_password", TestClient.Password), ("new_password", AccountClient.NewPassword)]),
        ("/account/devices/end", [("session", Guid.Empty.ToString())]),
        ("/account/devices/end-others", []),
        ("/account/deactivate", [("current_password", TestClient.Password)]),
        ("/account/delete", [("current_password", TestClient.Password)]),
    ];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Forms.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task A_form_of_another_site_or_of_another_person_does_nothing(int number)
    {
        var (path, fields) = Forms[number];
        await Client.Register("mallory1");
        await Client.Register("alice");
        var mallory = await FormClient.SignIn(Client, "mallory1");
        var stolen = System.Text.RegularExpressions.Regex.Match((await mallory.Get("/account")).Text, "name=\"form\" value=\"([^\"]+)\"").Groups[1].Value;
        var alice = await FormClient.SignIn(Client, "alice");
        var before = await Rows();

        Assert.Equal(HttpStatusCode.Forbidden, (await alice.SendWith(stolen, path, fields)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await alice.SendWith("", path, fields)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await Client.PostForm(path, fields)).Status);
        Assert.Equal(before, await Rows());
        Assert.Equal(HttpStatusCode.OK, (await alice.Get("/account")).Status);
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task Without_a_session_the_form_leads_to_the_sign_in(int number)
    {
        var (path, fields) = Forms[number];
        var visitor = new FormClient(Client);
        var before = await Rows();

        var answer = await visitor.Send("/sign-in", path, fields);

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.Equal("/sign-in?return_to=" + Uri.EscapeDataString(path), answer.Headers["Location"]);
        Assert.Equal(before, await Rows());
    }

    /// <summary>Somebody who had to sign in first comes back to the address of the form, and a refused form stands at it.</summary>
    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task The_address_of_a_form_leads_to_its_page(int number)
    {
        await Client.Register("alice");
        var alice = await FormClient.SignIn(Client, "alice");

        var answer = await alice.Get(Forms[number].Path);

        if (answer.Status == HttpStatusCode.OK) Assert.Contains($"action=\"{Forms[number].Path}\"", answer.Text, StringComparison.Ordinal);
        else Assert.Contains("<form method=\"post\" action=\"/account", (await alice.Get(answer.Headers["Location"])).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/account")]
    [InlineData("/account/security")]
    [InlineData("/account/devices")]
    [InlineData("/account/activity")]
    [InlineData("/account/data")]
    [InlineData("/account/data/download")]
    [InlineData("/account/deactivate")]
    [InlineData("/account/delete")]
    public async Task A_session_that_has_ended_shows_nothing(string path)
    {
        var tokens = await Client.Join("alice");
        var browser = await FormClient.SignIn(Client, "alice");
        await Client.Logout(tokens, new { all = true });

        var answer = await browser.Get(path);

        Assert.Equal("/sign-in?return_to=" + Uri.EscapeDataString(path), answer.Headers["Location"]);
        Assert.Empty(answer.Body);
        Assert.Null(browser.SessionCookie);
    }

    [Fact]
    public async Task A_double_click_changes_the_password_once()
    {
        await Client.Register("alice");
        var browser = await FormClient.SignIn(Client, "alice");
        var token = System.Text.RegularExpressions.Regex.Match((await browser.Get("/account/security")).Text, "name=\"form\" value=\"([^\"]+)\"").Groups[1].Value;
        (string, string)[] fields = [("current_password", TestClient.Password), ("new_password", AccountClient.NewPassword)];

        Answer[] answers = [];
        var letters = await Server.Mailed(async () => answers = await Task.WhenAll(browser.SendWith(token, "/account/security/password", fields), browser.SendWith(token, "/account/security/password", fields)));

        Assert.All(answers, answer => Assert.Equal("/account/security?notice=password-changed-others-out", answer.Headers["Location"]));
        Assert.Equal("password_changed", Assert.Single(letters).Template);
    }

    private async Task<string> Rows() => $"{(await Server.Journal()).Count} {await Server.Count("users")} {await Server.Count("mail_outbox")} {await Server.Count("account_proofs")}";
}
