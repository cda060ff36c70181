using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Pages;

/// <summary>What tests of the pages of administration have in common.</summary>
internal static class AdminPages
{
    /// <summary>Somebody at a browser who has these roles and has just signed in.</summary>
    public static async Task<Person> Staff(this TestServer server, TestClient client, string name, string[] roles, Glasses? glasses = null)
    {
        await server.JoinAs(client, name, roles);
        var person = await Person.At(server, glasses);
        await person.Enter(name);
        return person;
    }

    /// <summary>Signs in whatever the language of the page.</summary>
    public static async Task Enter(this Person person, string name)
    {
        await person.Open("/sign-in");
        await person.Page.Locator("#username").FillAsync(name);
        await person.Page.Locator("#password").FillAsync(TestClient.Password);
        await person.Page.Locator("#password").PressAsync("Enter");
        await person.Page.WaitForURLAsync("**/account*");
    }

    /// <summary>An account without a session, as an import makes one.</summary>
    public static async Task<User> Add(this TestServer server, string? username, string email, string? fullName = null, params string[] roles) =>
        (await server.Get<UserAccounts>().Add(new NewUser(username, email, fullName, roles.Length == 0 ? Role.User : roles[0], "!") { Roles = roles.Length == 0 ? [Role.User] : roles }, null)).User!;

    public static async Task<User> Find(this TestServer server, string name) => (await server.Get<UserAccounts>().FindNamed(name))!;
}
