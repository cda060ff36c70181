using System.Net;
using System.Text.RegularExpressions;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Cli;

/// <summary>Where the link of the first administrator is said, and where it is not.</summary>
public sealed partial class SetupLinkTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("avouch-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task It_stands_on_standard_output_and_not_in_the_log_and_the_next_start_has_another_one()
    {
        var (server, url) = await Child.Serve(folder, ("AVOUCH_LOG_LEVEL", "debug"));
        await using var first = server;
        var link = await ReadLink(first);
        using var client = new TestClient(url);
        await new PlainBrowser(client).Get(link.PathAndQuery);
        var said = await first.Interrupt();
        var (again, _) = await Child.Serve(folder);
        await using var second = again;
        var other = await ReadLink(second);
        await second.Interrupt();

        Assert.Equal((TestServer.Issuer, "/setup"), (link.GetLeftPart(UriPartial.Authority), link.AbsolutePath));
        Assert.NotEqual(link, other);
        Assert.DoesNotContain(Secret(link), said.Output + said.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret(link), await Stored(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_an_administrator_there_is_none()
    {
        var (server, url) = await Child.Serve(folder);
        await using var first = server;
        using var client = new TestClient(url);
        var link = await ReadLink(first);
        var made = await new PlainBrowser(client).Fill(link.PathAndQuery, "/setup", ("email", "root@example.test"), ("password", TestClient.Password));
        Assert.Equal((HttpStatusCode.SeeOther, "/admin"), (made.Status, made.Headers["Location"]));
        await first.Interrupt();

        var (again, _) = await Child.Serve(folder);
        await using var second = again;
        var said = await second.Interrupt();

        Assert.DoesNotContain("administrator", said.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("/setup", said.Output + said.Error, StringComparison.Ordinal);
    }

    /// <summary>There, standard output is the log and nothing else: a line of it that is no JSON would be lost, and one that is would be the log.</summary>
    [Fact]
    public async Task Where_the_log_is_JSON_it_stands_on_standard_error()
    {
        await using var server = Child.Start(folder, "serve", "--urls", "http://127.0.0.1:0", "--data", folder, "--set", "AVOUCH_LOG_FORMAT=json", "--set", $"AVOUCH_PUBLIC_URL={TestServer.Issuer}");
        while (await server.ReadLine() is { } line && !line.Contains("server.started", StringComparison.Ordinal)) Assert.StartsWith("{", line, StringComparison.Ordinal);
        await Patience.Until(async () => (await Stored()).Contains("setup_link", StringComparison.Ordinal));

        var said = await server.Interrupt();

        Assert.Contains(TestServer.Issuer + "/setup?token=avp_", said.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("avp_", said.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_command_says_it()
    {
        await Place.Install(folder);

        foreach (var command in (string[][])[["migrate"], ["doctor"], ["users", "list"], ["settings", "print"]])
        {
            var answer = await Child.Run(folder, "", [.. command, "--data", folder]);
            Assert.DoesNotContain("/setup", answer.Output + answer.Error, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("setup_link", await Stored(), StringComparison.Ordinal);
    }

    private static async Task<Uri> ReadLink(Child server)
    {
        while (await server.ReadLine() is { } line)
            if (Link().Match(line) is { Success: true } match) return new Uri(match.Groups[1].Value);
        throw new InvalidOperationException("There was no link.");
    }

    private static string Secret(Uri link) => link.Query["?token=".Length..];

    /// <summary>The facts that the database holds.</summary>
    private async Task<string> Stored()
    {
        await using var database = Avouch.Server.Data.Sqlite.SqliteDatabase.Open(Path.Combine(folder, "avouch.db"));
        return string.Join(' ', await database.Read(statements => statements.List("SELECT name || '=' || value FROM installation", static row => row.Text(0))));
    }

    [GeneratedRegex(@"^  (https?://\S+/setup\?token=avp_[\w-]{43})$")]
    private static partial Regex Link();
}
