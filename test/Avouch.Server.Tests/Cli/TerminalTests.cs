namespace Avouch.Server.Tests.Cli;

/// <summary>Commands with a person at a terminal, who is asked and may press Ctrl+C: without a server and beside one.</summary>
public sealed class TerminalTests
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task A_question_is_asked_and_only_yes_is_yes(bool hasServer)
    {
        await using var place = await Place.Open(hasServer);
        await place.AddUser("alice");

        foreach (var answer in (string[])["n\r", "\r", "maybe\r"])
        {
            var kept = await place.Talk([("for good? [y/N]: ", answer)], "users", "delete", "alice");
            Assert.Equal(1, kept.Exit);
            Assert.Contains("Nothing was done.", kept.Output, StringComparison.Ordinal);
        }
        var deleted = await place.Talk([("for good? [y/N]: ", "y\r")], "users", "delete", "alice");

        Assert.Equal(0, deleted.Exit);
        Assert.Contains("alice is deleted", deleted.Output, StringComparison.Ordinal);
        Assert.Empty(await place.List("users", "list"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_password_is_asked_for_twice_and_never_shown(bool hasServer)
    {
        await using var place = await Place.Open(hasServer);
        const string Secret = "battery horse 44";

        var added = await place.Talk([("Password for alice@example.test: ", Secret + "\r"), ("Once more: ", Secret + "\r")], "users", "add", "alice@example.test");
        var differing = await place.Talk([("New password for alice@example.test: ", Secret + "x\r"), ("Once more: ", Secret + "\r")], "users", "reset-password", "alice@example.test");

        Assert.True(added.Exit == 0, added.Output);
        Assert.Equal(1, differing.Exit);
        Assert.Contains("not the same", differing.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, added.Output + differing.Output, StringComparison.Ordinal);
        Assert.Equal(["user.registered"], (await place.List("journal", "list", "--kind", "user")).ConvertAll(row => row.GetProperty("kind").GetString()));
    }

    [Theory]
    [InlineData(false, "Password for alice@example.test: ", "users", "add", "alice@example.test")]
    [InlineData(true, "Password for alice@example.test: ", "users", "add", "alice@example.test")]
    [InlineData(false, "for good? [y/N]: ", "users", "delete", "bob")]
    [InlineData(true, "for good? [y/N]: ", "users", "delete", "bob")]
    public async Task Ctrl_C_at_a_question_ends_the_command_and_nothing_is_done(bool hasServer, string question, params string[] command)
    {
        await using var place = await Place.Open(hasServer);
        await place.AddUser("bob");

        var stopped = await place.Talk([(question, "\x03")], command);

        Assert.Equal(130, stopped.Exit);
        Assert.Contains("Stopped.", stopped.Output, StringComparison.Ordinal);
        Assert.Single(await place.List("users", "list"));
    }
}
