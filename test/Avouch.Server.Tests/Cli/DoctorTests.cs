using System.Text.Json;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Cli;

/// <summary><c>avouch doctor</c> in front of one broken thing at a time.</summary>
public sealed class DoctorTests : IAsyncLifetime
{
    private const string Key = "ff112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f";

    private static readonly (string, string)[] Well = [("AVOUCH_PUBLIC_URL", "https://auth.example.test"), ("AVOUCH_TRUSTED_PROXIES", "127.0.0.1"), ("AVOUCH_SMTP_HOST", "smtp.example.test"), ("AVOUCH_MAIL_FROM", "no-reply@example.test")];

    private Place place = null!;

    public async ValueTask InitializeAsync() => place = await Place.Open(hasServer: false);

    public ValueTask DisposeAsync() => place.DisposeAsync();

    [Fact]
    public async Task A_sound_installation_has_exit_code_0_and_nothing_to_do()
    {
        await Fill();

        var (exit, findings) = await Examine(Well);

        Assert.All(findings, finding => Assert.Equal("ok", finding.Text("severity")));
        Assert.Equal(0, exit);
        Assert.Equal(["clock", "database", "disk", "folder", "keys", "mail", "master key", "settings"], findings.Select(finding => finding.Text("area")).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Beside_a_server_the_server_looks_with_its_own_settings()
    {
        await using var served = await Place.Open(hasServer: true);

        var answer = await served.Run("doctor");

        Assert.Equal(5, answer.Exit);   // no proxy named, cheap hashes, no administrator
        Assert.Matches(@"ok\s+server\s+running", answer.Output);
        Assert.Contains("WARNING  settings    AVOUCH_TRUSTED_PROXIES is not set", answer.Output, StringComparison.Ordinal);
        Assert.Contains("→ Make one: avouch users add", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_database_is_told_and_not_made()
    {
        var missing = Path.Combine(place.Folder, "elsewhere");

        var answer = await Child.RunWith(place.Folder, Well, "doctor", "--data", missing);

        Assert.Equal(4, answer.Exit);
        Assert.Contains("There is no database", answer.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(missing));
    }

    [Fact]
    public async Task An_empty_database_beside_a_master_key_is_a_fault()
    {
        await Fill();
        await File.WriteAllBytesAsync(Path.Combine(place.Folder, "avouch.db"), []);

        var (exit, findings) = await Examine(Well);

        var fault = Assert.Single(findings, finding => finding.Text("severity") != "ok");
        Assert.Equal((4, "fault"), (exit, fault.Text("severity")));
        Assert.Contains("avouch.db is empty, and secret.key lies beside it", fault.Text("text"), StringComparison.Ordinal);
        Assert.StartsWith("Restore the last backup: avouch restore FILE", fault.Text("remedy"), StringComparison.Ordinal);
    }

    /// <summary>Only root can make the fault; for others everything is their own.</summary>
    [Theory]
    [InlineData("avouch.db")]
    [InlineData("secret.key")]
    public async Task A_file_of_another_user_is_a_fault(string name)
    {
        await Fill();
        foreach (var file in Directory.GetFiles(place.Folder).Append(place.Folder)) Give(file, "4321:4322");
        var foreign = Path.Combine(place.Folder, name);
        Give(foreign, "0:0");

        var (exit, findings) = await Examine(Well);

        var found = findings.Where(finding => finding.Text("severity") != "ok").Select(finding => finding.Text("remedy"));
        Assert.Equal(Environment.IsPrivilegedProcess ? [$"chown 4321:4322 {foreign}, and run the server as that user."] : [], found);
        Assert.Equal(Environment.IsPrivilegedProcess ? 4 : 0, exit);
    }

    [Fact]
    public async Task Every_fault_of_the_settings_is_a_finding()
    {
        var (exit, findings) = await Examine([("AVOUCH_ALGORITHM", "none"), ("AVOUCH_SESSIONS_PER_USER", "0")]);

        Assert.Equal((3, 2), (exit, findings.Count));
        Assert.All(findings, finding => Assert.Equal(("fault", "settings"), (finding.Text("severity"), finding.Text("area"))));
        Assert.All(findings, finding => Assert.StartsWith("Use ", finding.Text("remedy"), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("secret.key", "fault", "master key", 4)]
    [InlineData("avouch.db", "warning", "folder", 5)]
    [InlineData(".", "warning", "folder", 5)]
    public async Task Files_that_others_may_read_are_found(string name, string severity, string area, int code)
    {
        await Fill();
        var path = Path.GetFullPath(Path.Combine(place.Folder, name));
        FileModes.LetOthersRead(path);

        var (exit, findings) = await Examine(Well);

        var found = Assert.Single(findings, finding => finding.Text("severity") != "ok");
        Assert.Equal((code, severity, area), (exit, found.Text("severity"), found.Text("area")));
        Assert.StartsWith("chmod ", found.Text("remedy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_a_secret_of_the_settings_is_looked_at_too()
    {
        await Fill();
        var file = Path.Combine(place.Folder, "jwt.secret");
        await File.WriteAllTextAsync(file, Key);
        FileModes.LetOthersRead(file);

        var (exit, findings) = await Examine([.. Well, ("AVOUCH_JWT_SECRET_FILE", file)]);

        Assert.Equal(3, exit);
        Assert.Contains("jwt.secret holds a secret, and others may read it", Assert.Single(findings, finding => finding.Text("severity") == "fault").Text("text"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_master_key_that_does_not_fit_is_found_and_one_that_is_missing_is_not_made()
    {
        await Fill();
        Assert.Contains((await Examine([.. Well, ("AVOUCH_SECRET_KEY", Key)])).Findings, finding => finding.Text("text").Contains("not the one that this database was made with", StringComparison.Ordinal));

        File.Delete(Path.Combine(place.Folder, "secret.key"));
        var (exit, findings) = await Examine(Well);

        Assert.Equal(4, exit);
        Assert.Contains(findings, finding => finding.Text("severity") == "fault" && finding.Text("text").Contains("is missing", StringComparison.Ordinal));
        Assert.False(File.Exists(Path.Combine(place.Folder, "secret.key")));
    }

    [Fact]
    public async Task Hashes_of_another_system_are_counted_until_they_are_gone()
    {
        await Fill();
        var file = Path.Combine(place.Folder, "..", Path.GetRandomFileName());
        await File.WriteAllTextAsync(file, $$"""{"email":"old@example.test","password_hash":"{{Passwords.BcryptTests.Hash("correct horse 42")}}"}""");
        await place.Do("users", "import", file);
        File.Delete(file);

        var (exit, findings) = await Examine(Well);

        var finding = Assert.Single(findings, finding => finding.Text("severity") != "ok");
        Assert.Equal((5, "passwords"), (exit, finding.Text("area")));
        Assert.StartsWith("1 account has the hash of another system", finding.Text("text"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Private_keys_under_an_old_master_key_are_found()
    {
        await Fill();
        var old = Path.Combine(place.Folder, "old.key");
        File.Move(Path.Combine(place.Folder, "secret.key"), old);

        var (exit, findings) = await Examine([.. Well, ("AVOUCH_SECRET_KEY", Key), ("AVOUCH_SECRET_KEY_PREVIOUS_FILE", old)]);

        Assert.Equal((5, "avouch keys reencrypt"), (exit, Assert.Single(findings, finding => finding.Text("severity") != "ok").Text("remedy")));
    }

    [Fact]
    public async Task A_clock_that_went_back_is_found()
    {
        await Fill();
        await Sql("INSERT INTO journal (at, kind) VALUES (4102444800000, 'setting.changed')");   // 2100-01-01

        var (exit, findings) = await Examine(Well);

        Assert.Equal((1, "clock"), (exit, Assert.Single(findings, finding => finding.Text("severity") == "fault").Text("area")));
    }

    [Fact]
    public async Task A_row_that_points_nowhere_is_damage()
    {
        await Fill();
        await Sql("PRAGMA foreign_keys = OFF; INSERT INTO sessions (id, user_id, client_id, scope, generation, created_at, rotated_at, idle_until, expires_at, access_until) VALUES (x'00000000000070008000000000000001', x'00000000000070008000000000000002', 'avouch', '', 1, 0, 0, 0, 0, 0)");

        var (exit, findings) = await Examine(Well);

        Assert.Equal(1, exit);
        Assert.Contains("points to a missing row of users", Assert.Single(findings, finding => finding.Text("severity") == "fault").Text("text"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broken_pages_are_damage()
    {
        await Fill();
        await using (var file = File.Open(Path.Combine(place.Folder, "avouch.db"), FileMode.Open))
        {
            file.Seek(3 * 4096, SeekOrigin.Begin);
            file.Write(new byte[2 * 4096].Select((_, i) => (byte)(i * 7)).ToArray());
        }

        var (exit, findings) = await Examine(Well);

        Assert.InRange(exit, 1, 4);
        Assert.Contains(findings, finding => finding.Text("severity") == "fault");
    }

    [Fact]
    public async Task A_missing_migration_is_told_and_not_applied()
    {
        await Fill();
        await Sql("DELETE FROM migrations");

        var (exit, findings) = await Examine(Well);

        Assert.Equal(5, exit);
        Assert.Contains("avouch migrate", Assert.Single(findings, finding => finding.Text("severity") != "ok").Text("remedy"), StringComparison.Ordinal);
    }

    /// <summary>An administrator and a signing key: what an installation has once it is in use.</summary>
    private async Task Fill()
    {
        await place.AddUser("root", "--admin");
        await place.Do("keys", "rotate");
    }

    private async Task<(int Exit, List<JsonElement> Findings)> Examine((string, string)[] environment)
    {
        var answer = await Child.RunWith(place.Folder, environment, "doctor", "--json", "--data", place.Folder);
        Assert.Equal("", answer.Error);
        return (answer.Exit, [.. answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)]);
    }

    private Task Sql(string sql)
    {
        using var connection = Avouch.Server.Data.Sqlite.Connection.OpenWriter(Path.Combine(place.Folder, "avouch.db"));
        connection.ExecuteScript(sql);
        return Task.CompletedTask;
    }

    private static void Give(string path, string owner)
    {
        if (!Environment.IsPrivilegedProcess) return;
        using var chown = System.Diagnostics.Process.Start("chown", [owner, path]);
        chown.WaitForExit();
    }
}
