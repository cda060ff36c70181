using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Sessions;
using Avouch.Server.Tests.Harness;
using Microsoft.Playwright;

namespace Avouch.Server.Tests.Pages.Account;

/// <summary>What tests of the pages of one's own account have in common.</summary>
public abstract class AccountPageTests : ServerTests
{
    private protected static readonly Glasses German = new() { Language = "de" };
    private protected static readonly Glasses Dark = new() { IsDark = true };

    /// <summary>As long as a name, an address and a full name may be.</summary>
    private protected static readonly string LongName = "x" + new string('m', 63);

    private protected static readonly string LongEmail = new string('w', 64) + "@" + string.Join('.', new string('a', 63), new string('b', 63), new string('c', 57), "org");

    /// <summary>Signs in, whatever the language of the page.</summary>
    private protected async Task<Person> Enter(string name, Glasses? glasses = null, string password = TestClient.Password)
    {
        var person = await Person.At(Server, glasses);
        await person.Open("/sign-in");
        await person.Page.Locator("#username").FillAsync(name);
        await person.Page.Locator("#password").FillAsync(password);
        await person.Page.Locator("main form button:not([type=button])").ClickAsync();
        await person.Page.WaitForURLAsync("**/account");
        return person;
    }

    /// <summary>Somebody with the longest of everything.</summary>
    private protected async Task<Tokens> JoinLong()
    {
        var answer = await Client.PostJson("/api/v1/auth/register", new { username = LongName, email = LongEmail, password = TestClient.Password, full_name = new string('W', 200) });
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return await Client.SignIn(LongName);
    }

    private protected async Task<List<string>> KindsOf(Func<Task> act)
    {
        var before = (await Server.Journal()).LastOrDefault()?.Seq ?? 0;
        await act();
        return [.. (await Server.Journal(before)).Select(row => row.Kind)];
    }

    private protected async Task<JournalEntry> LastRow(string kind) => (await Server.Journal()).Last(row => row.Kind == kind);

    private protected async Task<int> CountSessions(Guid user) => (await Server.Get<UserSessions>().List(user)).Count;

    private protected static async Task Sees(Person person, string selector) => await Assertions.Expect(person.Page.Locator(selector).First).ToBeVisibleAsync();
}
