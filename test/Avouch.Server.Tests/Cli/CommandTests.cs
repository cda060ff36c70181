using System.Text.Json;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Cli;

/// <summary>Commands without a server.</summary>
public sealed class CommandTests : IDisposable
{
    private const string Password = "correct horse 42";
    private const string Key = "00112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f";

    private readonly string folder = Directory.CreateTempSubdirectory("avouch-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Users_are_added_and_listed()
    {
        var added = await AddUser("root@example.test", "--admin", "--username", "root", "--full-name", "The Root");
        Assert.Equal((0, ""), (added.Exit, added.Error));
        Assert.Contains("Added root@example.test as admin", added.Output, StringComparison.Ordinal);

        var listed = await Child.Run(folder, "", "users", "list", "--json", "--data", folder);

        var user = JsonDocument.Parse(Assert.Single(listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))).RootElement;
        Assert.Equal(("root", "admin", "The Root"), (user.Text("username"), user.Text("role"), user.Text("full_name")));
        Assert.DoesNotContain("argon2", listed.Output, StringComparison.Ordinal);
        Assert.Contains("root@example.test", (await Child.Run(folder, "", "users", "list", "--data", folder)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_added_without_a_server_signs_in_at_the_server()
    {
        Assert.Equal(0, (await AddUser("alice@example.test")).Exit);

        await using var server = await TestServer.Start(folder: folder);
        using var client = server.Client();
        await client.SignIn("alice@example.test", Password);
    }

    [Theory]
    [InlineData("alice@example.test", "alice@example.test", Password)]
    [InlineData("alice@example.test", "other@example.test", "q9z")]
    [InlineData("alice@example.test", "other@example.test", "")]
    [InlineData("alice@example.test", "no address", Password)]
    public async Task What_cannot_be_added_is_said_with_exit_code_1(string first, string second, string password)
    {
        Assert.Equal(0, (await AddUser(first)).Exit);

        var answer = await Child.Run(folder, password + "\n", "users", "add", second, "--data", folder);

        Assert.Equal((1, ""), (answer.Exit, answer.Output));
        Assert.NotEmpty(answer.Error);
        Assert.DoesNotContain("   at ", answer.Error, StringComparison.Ordinal);
        if (password.Length > 0) Assert.DoesNotContain(password, answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bogus")]
    [InlineData("users", "add")]
    [InlineData("users", "list", "--bogus")]
    [InlineData("settings", "print", "--set", "AVOUCH_SESSIONS_PER_USER")]
    public async Task An_unknown_command_line_has_exit_code_2(params string[] args) => Assert.Equal(2, (await Child.Run(folder, "", args)).Exit);

    [Fact]
    public async Task The_version_is_printed()
    {
        var answer = await Child.Run(folder, "", "version");

        Assert.Equal(0, answer.Exit);
        Assert.Matches(@"^Avouch \d+\.\d+\.\d+\s*$", answer.Output);
    }

    [Theory]
    [InlineData]
    [InlineData("serve")]
    [InlineData("users")]
    [InlineData("users", "add")]
    [InlineData("users", "list")]
    [InlineData("backup")]
    [InlineData("restore")]
    [InlineData("settings")]
    [InlineData("settings", "print")]
    [InlineData("settings", "check")]
    [InlineData("version")]
    public async Task Help_has_an_example_for_every_command(params string[] command)
    {
        var answer = await Child.Run(folder, "", [.. command, "--help"]);

        Assert.Equal(0, answer.Exit);
        Assert.Contains("Example", answer.Output, StringComparison.Ordinal);
        Assert.Contains("\n  avouch " + string.Join(' ', command), answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_are_printed_with_their_source_and_without_secrets()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, ".env"), $"AVOUCH_SECRET_KEY={Key}\nAVOUCH_SESSION_MAX_DAYS=7\nAVOUCH_SESSIONS_PER_USER=7\nAVOUCH_REFRESH_GRACE_SECONDS=7\n");

        var answer = await Child.RunWith(folder, [("AVOUCH_SESSIONS_PER_USER", "8"), ("AVOUCH_REFRESH_GRACE_SECONDS", "8")], "settings", "print", "--set", "AVOUCH_REFRESH_GRACE_SECONDS=9");

        Assert.Equal(0, answer.Exit);
        Assert.DoesNotContain(Key, answer.Output + answer.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Matches(@"AVOUCH_SECRET_KEY=\(secret\)\n.*From: \.env\.", answer.Output);
        Assert.Matches(@"AVOUCH_SESSION_MAX_DAYS=7\n.*From: \.env\.", answer.Output);
        Assert.Matches(@"AVOUCH_SESSIONS_PER_USER=8\n.*From: environment\.", answer.Output);
        Assert.Matches(@"AVOUCH_REFRESH_GRACE_SECONDS=9\n.*From: command line\.", answer.Output);
        Assert.Matches(@"AVOUCH_ALGORITHM=ES256\n.*From: default\.", answer.Output);
    }

    [Theory]
    [InlineData("settings", "check")]
    [InlineData("settings", "print")]
    [InlineData("users", "list")]
    [InlineData("serve")]
    public async Task Bad_settings_have_exit_code_3_and_are_all_told(params string[] command)
    {
        var answer = await Child.RunWith(folder, [("AVOUCH_ALGORITHM", "none"), ("AVOUCH_SECRET_KEY", "my-own-secret")], [.. command, "--data", folder]);

        Assert.Equal((3, ""), (answer.Exit, answer.Output));
        Assert.Equal(2, answer.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("AVOUCH_ALGORITHM: \"none\" is not one of the choices. Use one of: ES256, ES384, RS256, PS256, HS256.", answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("my-own-secret", answer.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "avouch.db")));
    }

    [Fact]
    public async Task Good_settings_are_said_to_be_good_with_their_warnings_beside()
    {
        var answer = await Child.RunWith(folder, [("AVOUCH_LIMITS_ENABLED", "false")], "settings", "check");

        Assert.Equal((0, "The settings are valid."), (answer.Exit, answer.Output.Trim()));
        Assert.StartsWith("Warning: AVOUCH_LIMITS_ENABLED=false", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_given_twice_on_the_command_line_takes_the_last_one()
    {
        var answer = await Child.Run(folder, "", "settings", "print", "--set", "AVOUCH_SESSIONS_PER_USER=3", "--set", "AVOUCH_SESSIONS_PER_USER=4");

        Assert.Equal(0, answer.Exit);
        Assert.Contains("AVOUCH_SESSIONS_PER_USER=4\n", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_appsettings_file_is_named_and_shows_no_inside()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "appsettings.json"), "{\"AVOUCH_SECRET_KEY\": ");

        var answer = await Child.Run(folder, "", "settings", "check");

        Assert.Equal(3, answer.Exit);
        Assert.Contains("appsettings.json", answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Error, StringComparison.Ordinal);
    }

    private async Task<ChildAnswer> AddUser(string email, params string[] more)
    {
        await Place.Install(folder);
        return await Child.Run(folder, Password + "\n", ["users", "add", email, "--data", folder, "--set", "AVOUCH_ARGON2_MEMORY_KIB=64", .. more]);
    }
}
