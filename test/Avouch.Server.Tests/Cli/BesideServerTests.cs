using System.Net;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Cli;

/// <summary>Commands beside a running server, which carries them out itself.</summary>
public sealed class BesideServerTests : IAsyncLifetime
{
    private const string Password = "correct horse 42";

    private readonly string folder = Directory.CreateTempSubdirectory("avouch-test-").FullName;
    private readonly HttpClient http = new();
    private Child server = null!;
    private Uri url = null!;

    public async ValueTask InitializeAsync() => (server, url) = await Child.Serve(folder);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_user_that_is_added_can_sign_in_at_once()
    {
        var added = await Child.Run(folder, Password + "\n", "users", "add", "root@example.test", "--admin", "--username", "root", "--data", folder);

        Assert.Equal((0, ""), (added.Exit, added.Error));
        Assert.Contains("as admin", added.Output, StringComparison.Ordinal);
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("username", "root"), KeyValuePair.Create("password", Password)]);
        using var answer = await http.PostAsync(new Uri(url, "/api/v1/auth/token"), form);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task What_the_server_refuses_is_said_with_exit_code_1()
    {
        await Child.Run(folder, Password + "\n", "users", "add", "root@example.test", "--data", folder);

        var again = await Child.Run(folder, Password + "\n", "users", "add", "ROOT@example.test", "--data", folder);
        var weak = await Child.Run(folder, "password1\n", "users", "add", "other@example.test", "--data", folder);
        var silent = await Child.Run(folder, "", "users", "add", "other@example.test", "--data", folder);

        Assert.Equal((1, "An account with this e-mail address exists already. This shows it: avouch users show ROOT@example.test"), (again.Exit, again.Error.Trim()));
        Assert.Equal((1, 1), (weak.Exit, silent.Exit));
        Assert.StartsWith("No password was given.", silent.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_shows_whoever_signed_up_over_HTTP()
    {
        using var body = System.Net.Http.Json.JsonContent.Create(new { email = "alice@example.test", password = Password });
        using var registered = await http.PostAsync(new Uri(url, "/api/v1/auth/register"), body);
        Assert.Equal(HttpStatusCode.Created, registered.StatusCode);

        var listed = await Child.Run(folder, "", "users", "list", "--json", "--data", folder);

        Assert.Equal(0, listed.Exit);
        Assert.Contains("\"email\":\"alice@example.test\"", listed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_server_on_the_same_data_is_refused()
    {
        var second = await Child.Run(folder, "", "serve", "--urls", "http://127.0.0.1:0", "--data", folder);

        Assert.Equal(4, second.Exit);
        Assert.Contains("in use", second.Error, StringComparison.Ordinal);
        using var answer = await http.GetAsync(new Uri(url, "/health"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public void Socket_key_and_database_are_for_their_owner_only()
    {
        foreach (var name in (string[])["avouch.sock", "secret.key", "avouch.db", "avouch.lock"])
            Assert.Equal((name, FileModes.OwnerOnly), (name, FileModes.Of(Path.Combine(folder, name))));
    }
}
