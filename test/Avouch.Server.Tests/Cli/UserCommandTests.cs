using Avouch.Server.Data;
using Avouch.Server.Settings;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Cli;

/// <summary>What changes users from the shell, without a server and beside one: the same commands, the same answers.</summary>
public sealed class UserCommandTests
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task A_user_is_found_by_name_address_and_id(bool hasServer)
    {
        await using var place = await Place.Open(hasServer);
        await place.AddUser("alice", "--full-name", "Alice A.");
        var id = (await place.Show("alice")).Text("id");

        foreach (var name in (string[])["ALICE", "Alice@Example.test", id]) Assert.Equal(id, (await place.Show(name)).Text("id"));
        Assert.Matches(@"FULL NAME\s+Alice A\.", await place.Do("users", "show", "alice"));
        var nobody = await place.Run("users", "show", "bob");
        Assert.Equal((1, "", "There is no user \"bob\". This shows them all: avouch users list"), (nobody.Exit, nobody.Output, nobody.Error.Trim()));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Disabling_and_enabling_leave_a_row_each_and_twice_is_no_fault(bool hasServer)
    {
        await using var place = await Place.Open(hasServer);
        await place.AddUser("alice");

        await place.Do("users", "disable", "alice");
        Assert.False((await place.Show("alice")).GetProperty("is_active").GetBoolean());
        Assert.Contains("already", await place.Do("users", "disable", "alice"), StringComparison.Ordinal);
        await place.Do("users", "enable", "alice");
        Assert.True((await place.Show("alice")).GetProperty("is_active").GetBoolean());
        Assert.Contains("already", await place.Do("users", "enable", "alice"), StringComparison.Ordinal);

        Assert.Equal(["user.registered", "user.disabled", "user.enabled"], await Kinds(place, "user"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Unlocking_ends_a_lock_once_and_says_whether_there_was_one(bool hasServer)
    {
        await using var place = await Place.Open(hasServer);
        await place.AddUser("alice");
        Assert.Contains("is not locked", await place.Do("users", "unlock", "alice"), StringComparison.Ordinal);
        Assert.Equal(1, (await place.Run("users", "unlock", "bob")).Exit);
        if (hasServer) await place.StopServer();   // a lock is written by hand, and nobody else may have the folder open
        await Lock(place.Folder);

        Assert.Contains("is unlocked and may sign in again", await place.Do("users", "unlock", "alice@example.test"), StringComparison.Ordinal);
        Assert.Contains("is not locked", await place.Do("users", "unlock", "alice"), StringComparison.Ordinal);

        Assert.Equal(["user.registered", "user.unlocked"], await Kinds(place, "user"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task The_last_active_administrator_stays_unless_the_long_option_says_so(bool hasServer)
    {
        await using var place = await Place.Open(hasServer);
        await place.AddUser("root", "--admin");
        await place.AddUser("gone", "--admin");
        await place.Do("users", "disable", "gone");

        foreach (var command in (string[][])[["disable", "root"], ["set-role", "root", "user"], ["delete", "root", "--yes"]])
        {
            var refused = await place.Run(["users", .. command]);
            Assert.Equal((1, ""), (refused.Exit, refused.Output));
            Assert.Contains("root is the last active administrator", refused.Error, StringComparison.Ordinal);
        }
        var root = await place.Show("root");
        Assert.Equal(("admin", true), (root.Text("role"), root.GetProperty("is_active").GetBoolean()));

        await place.Do("users", "set-role", "root", "admin");   // no change, no row
        await place.Do("users", "set-role", "root", "guest", "--even-the-last-administrator");
        Assert.Equal("guest", (await place.Show("root")).Text("role"));
        Assert.Equal("guest", Assert.Single(await place.List("journal", "list", "--kind", "user.role_changed")).Text("detail"));
        Assert.Equal(1, (await place.Run("users", "set-role", "root", "emperor")).Exit);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_generated_password_is_all_that_is_printed(bool hasServer)
    {
        await using var place = await Place.Open(hasServer);
        await place.AddUser("alice");

        var first = await place.Do("users", "reset-password", "alice", "--generate");
        var second = await place.Do("users", "reset-password", "alice", "--generate");

        Assert.Matches("^([a-km-z2-9]{5}-){3}[a-km-z2-9]{5}\n$", first);
        Assert.NotEqual(first, second);
        Assert.Equal(2, (await Kinds(place, "user.password_changed")).Count);
        Assert.DoesNotContain(first.Trim(), await place.Do("journal", "list", "--json"), StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_password_from_standard_input_follows_the_policy(bool hasServer)
    {
        await using var place = await Place.Open(hasServer);
        await place.AddUser("alice");

        Assert.Equal(0, (await place.RunWith("another horse 43\n", "users", "reset-password", "alice")).Exit);
        var weak = await place.RunWith("password1\n", "users", "reset-password", "alice");
        var none = await place.RunWith("", "users", "reset-password", "alice");

        Assert.Equal((1, 1), (weak.Exit, none.Exit));
        Assert.DoesNotContain("password1", weak.Error, StringComparison.Ordinal);
        Assert.Single(await Kinds(place, "user.password_changed"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Deleting_needs_a_yes_and_keeps_the_journal(bool hasServer)
    {
        await using var place = await Place.Open(hasServer);
        await place.AddUser("alice");
        var id = (await place.Show("alice")).Text("id");

        var unasked = await place.Run("users", "delete", "alice");
        Assert.Equal((1, ""), (unasked.Exit, unasked.Output));
        Assert.Contains("add --yes", unasked.Error, StringComparison.Ordinal);
        await place.Do("users", "delete", "alice", "--yes");

        Assert.Empty(await place.List("users", "list"));
        Assert.Equal(1, (await place.Run("users", "delete", id, "--yes")).Exit);
        var rows = await place.List("journal", "list", "--user", id);
        Assert.Equal(["user.registered", "user.deleted"], rows.Select(row => row.Text("kind")));
        Assert.DoesNotContain("alice", string.Join('\n', rows), StringComparison.Ordinal);
        await place.AddUser("alice");   // name and address are free again, the id is another
        Assert.NotEqual(id, (await place.Show("alice")).Text("id"));
    }

    private static async Task<List<string>> Kinds(Place place, string family) => (await place.List("journal", "list", "--kind", family)).ConvertAll(row => row.Text("kind"));

    /// <summary>As three wrong passwords do under AVOUCH_LOCK_AFTER_FAILURES=3.</summary>
    private static async Task Lock(string folder)
    {
        var (settings, _) = AvouchSettings.Read(new SettingsSource().Add("test", new Dictionary<string, string> { ["AVOUCH_DATA"] = folder }));
        await using var foundation = await Foundation.Open(settings!, TimeProvider.System, Holder.Command);
        await foundation.Database.Write(transaction => transaction.Execute("INSERT INTO sign_in_failures (user_id, failures, locked_at) SELECT id, 3, created_at FROM users"));
    }
}
