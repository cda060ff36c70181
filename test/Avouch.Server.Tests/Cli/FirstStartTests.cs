using System.Net;
using System.Net.Sockets;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Cli;

/// <summary>What the first start writes down, what a start that fails leaves behind, and what both say.</summary>
public sealed class FirstStartTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("avouch-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_start_that_fails_leaves_no_issuer_and_says_why_in_one_sentence()
    {
        using var busy = new TcpListener(IPAddress.Loopback, 0);
        busy.Start();
        var taken = $"http://127.0.0.1:{((IPEndPoint)busy.LocalEndpoint).Port}";

        var failed = await Child.Run(folder, "", "serve", "--urls", taken, "--data", folder, "--set", "AVOUCH_ENVIRONMENT=development");

        Assert.Equal((4, "", $"Failed to bind to address {taken}: address already in use. Stop what listens there, or choose another port with --urls."), (failed.Exit, failed.Output, failed.Error.Trim()));
        Assert.DoesNotContain("issuer", await Names(), StringComparison.Ordinal);
        var free = FreeAddress();
        var (server, _) = await Child.ServeAt(free, folder);
        await using (server) Assert.Equal(free, await IssuerAt(free));
    }

    [Fact]
    public async Task A_command_before_the_first_start_leaves_no_issuer()
    {
        await Run("migrate");
        Assert.Equal(0, (await Child.Run(folder, TestClient.Password + "\n", "users", "add", "root@example.test", "--admin", "--data", folder)).Exit);
        Assert.DoesNotContain("issuer", await Names(), StringComparison.Ordinal);

        var free = FreeAddress();
        var (server, _) = await Child.ServeAt(free, folder);
        await using (server) Assert.Equal(free, await IssuerAt(free));
    }

    [Fact]
    public async Task A_server_that_moved_keeps_its_issuer_and_says_so()
    {
        var (first, second) = (FreeAddress(), FreeAddress());
        var (before, _) = await Child.ServeAt(first, folder);
        await before.Interrupt();

        var (server, _) = await Child.ServeAt(second, folder);
        Assert.Equal(first, await IssuerAt(second));
        var doctor = await Run("doctor");
        var said = await server.Interrupt();

        Assert.Contains($"WARNING: The issuer is {first}, as when this server first listened, but now it listens on {second}", said.Error, StringComparison.Ordinal);
        Assert.Contains("Set AVOUCH_PUBLIC_URL", said.Error, StringComparison.Ordinal);
        Assert.Contains($"  issuer: {first}\n", said.Output, StringComparison.Ordinal);
        Assert.Contains($"The issuer is {first}, as when", doctor.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("The issuer is", (await Child.RunWith(folder, [("AVOUCH_PUBLIC_URL", "https://auth.example.test")], "doctor", "--data", folder)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_another_one_each_time_is_no_issuer()
    {
        var refused = await Child.Run(folder, "", "serve", "--urls", "http://127.0.0.1:0", "--data", folder);

        Assert.Equal((4, ""), (refused.Exit, refused.Output));
        Assert.Contains("Set AVOUCH_PUBLIC_URL", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("issuer", await Names(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_banner_has_an_address_to_open_and_the_line_for_the_first_administrator_names_the_folder()
    {
        var port = new Uri(FreeAddress()).Port;
        await using var server = Child.Start(folder, "serve", "--urls", $"http://*:{port}", "--data", "data", "--set", "AVOUCH_ALLOW_HTTP=true", "--set", "AVOUCH_DOCS_ENABLED=true");
        while (await server.ReadLine() is { } line && !line.Contains("users add", StringComparison.Ordinal))
            if (line.Contains("to try it out", StringComparison.Ordinal)) Assert.Equal($"  http://localhost:{port}    and to try it out: http://localhost:{port}/docs", line);
            else if (line.Contains("users add", StringComparison.Ordinal)) Assert.EndsWith($"users add you@example.com --admin --data {Path.Combine(folder, "data")}", line, StringComparison.Ordinal);

        var said = await server.Interrupt();

        Assert.Contains($"WARNING: http://*:{port} takes plain HTTP from other machines", said.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("users", "list")]
    [InlineData("users", "add", "root@example.test")]
    [InlineData("keys", "list")]
    [InlineData("journal", "list")]
    public async Task A_folder_without_a_database_is_refused_and_not_made(params string[] command)
    {
        var mistyped = Path.Combine(folder, "dta");

        var answer = await Child.Run(folder, TestClient.Password + "\n", [.. command, "--data", mistyped]);

        Assert.Equal((4, ""), (answer.Exit, answer.Output));
        Assert.StartsWith($"There is no database in {mistyped}. Give the right folder with --data.", answer.Error, StringComparison.Ordinal);
        Assert.Contains($"avouch migrate --data {mistyped}", answer.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(mistyped));
    }

    [Fact]
    public async Task What_others_may_read_or_write_is_told_at_each_start()
    {
        await Place.Install(folder);
        FileModes.LetOthersRead(Path.Combine(folder, "secret.key"));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupWrite);

        var (server, _) = await Child.Serve(folder);
        var said = (await server.Interrupt()).Error;
        var check = await Run("settings", "check");

        Assert.Contains($"WARNING: {folder}/secret.key may be read by others (604). chmod 600 {folder}/secret.key.", said, StringComparison.Ordinal);
        Assert.Contains($"WARNING: Others may write into {folder} (720). chmod 700 {folder}", said, StringComparison.Ordinal);
        Assert.Contains("secret.key may be read by others", check.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_database_is_named_with_a_remedy()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "avouch.db"), new string('x', 10_000));

        foreach (var command in (string[][])[["serve"], ["users", "list"]])
        {
            var answer = await Run(command);
            Assert.Equal(4, answer.Exit);
            Assert.Contains($"The database {folder}/avouch.db cannot be used (SQLite error 26", answer.Error, StringComparison.Ordinal);
            Assert.Contains("put the last good backup back", answer.Error, StringComparison.Ordinal);
        }
        Assert.Contains($"{folder}/avouch.db cannot be read", (await Run("doctor")).Output, StringComparison.Ordinal);
    }

    private Task<ChildAnswer> Run(params string[] args) => Child.Run(folder, "", [.. args, "--data", folder]);

    /// <summary>An address whose port was free a moment ago.</summary>
    private static string FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }

    private static async Task<string?> IssuerAt(string url)
    {
        using var client = new TestClient(new Uri(url));
        return (await client.Get("/.well-known/openid-configuration")).Json.Text("issuer");
    }

    /// <summary>The facts that the database holds.</summary>
    private async Task<string> Names()
    {
        await using var database = Avouch.Server.Data.Sqlite.SqliteDatabase.Open(Path.Combine(folder, "avouch.db"));
        return string.Join(' ', await database.Read(statements => statements.List("SELECT name FROM installation", static row => row.Text(0))));
    }
}
