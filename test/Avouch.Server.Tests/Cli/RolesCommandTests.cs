using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Cli;

/// <summary>Roles from the shell, without a server and beside one.</summary>
public sealed class RolesCommandTests
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task A_role_is_added_given_changed_and_deleted(bool hasServer)
    {
        await using var place = await Place.Open(hasServer);
        await place.AddUser("alice");

        await place.Do("roles", "add", "support", "users:read", "users:recover", "--description", "First line");
        await place.Do("users", "set-role", "alice", "user", "support");
        Assert.Equal(["user", "support"], (await place.Show("alice")).Texts("roles"));
        Assert.Contains("already", await place.Do("users", "set-role", "alice", "user", "support"), StringComparison.Ordinal);
        var used = await place.Run("roles", "delete", "support", "--yes");
        Assert.Equal((1, true), (used.Exit, used.Error.Contains("1 user has the role support", StringComparison.Ordinal)));
        await place.Do("roles", "set", "support", "orders:read");
        var shown = (await place.List("roles", "list")).Single(role => role.Text("name") == "support");
        Assert.Equal(("orders:read", "First line"), (string.Join(' ', shown.Texts("permissions")), shown.Text("description")));
        await place.Do("users", "set-role", "alice", "user");
        await place.Do("roles", "delete", "support", "--yes");

        Assert.Equal(["admin", "guest", "user"], (await place.List("roles", "list")).Select(role => role.Text("name")));
        Assert.Equal(["role.added", "role.edited", "role.deleted"], (await place.List("journal", "list", "--kind", "role")).Select(row => row.Text("kind")));
    }

    [Theory]
    [InlineData("add", "Support")]
    [InlineData("add", "support", "*")]
    [InlineData("add", "admin")]
    [InlineData("set", "admin", "users:read")]
    [InlineData("set", "nobody", "users:read")]
    [InlineData("delete", "user", "--yes")]
    [InlineData("delete", "nobody", "--yes")]
    [InlineData("delete", "user")]
    public async Task What_cannot_be_is_refused_with_a_reason(params string[] command)
    {
        await using var place = await Place.Open(false);

        var refused = await place.Run(["roles", .. command]);

        Assert.Equal((1, ""), (refused.Exit, refused.Output));
        Assert.NotEmpty(refused.Error);
        Assert.Equal("*", string.Join(' ', (await place.List("roles", "list")).Single(role => role.Text("name") == "admin").Texts("permissions")));
    }
}
