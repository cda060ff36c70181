using Avouch.Server.Roles;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Harness;

/// <summary>People who may do more than others, and what tests of administration ask all the time.</summary>
internal static class Staff
{
    /// <summary>Somebody with these roles, signed in just now.</summary>
    public static async Task<Tokens> JoinAs(this TestServer server, TestClient client, string name, params string[] roles)
    {
        var tokens = await client.Join(name);
        Assert.Equal(UserChange.Done, await server.Get<UserChanges>().SetRoles(tokens.Id(), roles));
        return await client.Refresh(tokens);
    }

    /// <summary>A custom role with these permissions.</summary>
    public static async Task AddRole(this TestServer server, string name, params string[] permissions) =>
        Assert.Equal(RoleChange.Done, (await server.Get<RoleCatalogue>().Add(name, new RolePatch(permissions))).Change);

    public static Guid Id(this Tokens tokens) => tokens.Claims.GetProperty("sub").GetGuid();

    public static string[] Texts(this System.Text.Json.JsonElement json, string member) => [.. json.GetProperty(member).EnumerateArray().Select(item => item.GetString()!)];
}
