using System.Net.Http.Json;
using Avouch.Server.Data;
using Avouch.Server.Data.Sqlite;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Cli;

/// <summary><c>avouch backup</c> and <c>avouch restore</c> as people type them, beside a server and without one.</summary>
public sealed class BackupCommandTests : IDisposable
{
    private const string Password = "correct horse 42";

    private readonly string root = Directory.CreateTempSubdirectory("avouch-test-").FullName;
    private readonly string data;
    private readonly string home;

    public BackupCommandTests()
    {
        data = Directory.CreateDirectory(Path.Combine(root, "data")).FullName;
        home = Directory.CreateDirectory(Path.Combine(root, "home")).FullName;
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task Beside_a_server_the_copy_ends_where_it_was_typed()
    {
        var (server, url) = await Child.Serve(data);
        await using var serving = server;
        await Register(url, "alice");

        var made = await Run("backup", "today.db");

        Assert.Equal(0, made.Exit);
        Assert.Matches(@"^Backed up [\d,]+ bytes to today\.db\.\n.*master key is not in it.*secret\.key.*useless", made.Output);
        Assert.Matches(@"Copying, bytes: ([\d,]+) of \1\n", made.Error);
        var file = Path.Combine(home, "today.db");
        Assert.Equal([file], Directory.GetFiles(home));
        Assert.Equal(FileModes.OwnerOnly, FileModes.Of(file));
        Assert.Null(SqliteFile.FindFault(file));
        Assert.Empty(Directory.GetFiles(data, "avouch.tmp-*"));
        Assert.Contains("database.backed_up", await Kinds());
    }

    [Fact]
    public async Task A_file_that_is_there_is_replaced_only_with_force()
    {
        await AddUser();
        var file = Path.Combine(home, "today.db");
        await File.WriteAllTextAsync(file, "mine");

        var refused = await Run("backup", "today.db");
        Assert.Equal((1, "\"today.db\" exists already. Choose another name, or replace it with --force."), (refused.Exit, refused.Error.Trim()));
        Assert.Equal("mine", await File.ReadAllTextAsync(file));

        Assert.Equal(0, (await Run("backup", "today.db", "--force")).Exit);
        Assert.Null(SqliteFile.FindFault(file));
    }

    [Fact]
    public async Task Beside_a_server_nothing_is_restored()
    {
        var (server, url) = await Child.Serve(data);
        await using var serving = server;
        await Register(url, "alice");
        await Run("backup", "today.db");

        var refused = await Run("restore", "today.db");

        Assert.Equal(4, refused.Exit);
        Assert.Contains("Stop that one", refused.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(data, "avouch.db-until*"));
    }

    [Fact]
    public async Task What_a_killed_server_left_in_its_log_is_kept_with_the_old_database()
    {
        var (server, url) = await Child.Serve(data);
        await Register(url, "alice");
        await Run("backup", "today.db");
        await Register(url, "late");
        await server.DisposeAsync();   // SIGKILL
        Assert.True(new FileInfo(Path.Combine(data, "avouch.db-wal")).Length > 0);

        Assert.Equal(0, (await Run("restore", "today.db")).Exit);
        var restored = await Run("users", "list");
        var undone = await Run("restore", Assert.Single(Directory.GetFiles(data, "avouch.db-until-*")));

        Assert.Equal((0, ""), (restored.Exit, restored.Error));
        Assert.DoesNotContain("late@example.test", restored.Output, StringComparison.Ordinal);
        Assert.Equal(0, undone.Exit);
        Assert.Contains("late@example.test", (await Run("users", "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_server_it_is_restored_and_says_what_that_means()
    {
        await AddUser();
        await Run("backup", "today.db");
        await Child.Run(home, Password + "\n", "users", "add", "late@example.test", "--data", data, "--set", "AVOUCH_ARGON2_MEMORY_KIB=64");

        var restored = await Run("restore", "today.db");

        Assert.Equal(0, restored.Exit);
        Assert.Matches(@"^Restored today\.db: 1 users, state of \d{4}-\d\d-\d\d .*UTC\.\n0 sessions ended and all signing keys were withdrawn", restored.Output);
        var aside = Assert.Single(Directory.GetFiles(data, "avouch.db-until-*"));
        Assert.Contains($"is kept as {aside}", restored.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("late@example.test", (await Run("users", "list")).Output, StringComparison.Ordinal);
        await using var server = await TestServer.Start(folder: data);
        using var client = server.Client();
        await client.SignIn("early@example.test", Password);
    }

    [Fact]
    public async Task Keeping_the_sessions_comes_with_a_warning_that_says_why()
    {
        await AddUser();
        await Run("backup", "today.db");

        var restored = await Run("restore", "today.db", "--keep-sessions");

        Assert.Equal(0, restored.Exit);
        Assert.StartsWith("WARNING: ", restored.Error, StringComparison.Ordinal);
        foreach (var reason in (string[])["sessions that ended are alive again", "revoked", "refresh.ahead_of_database"])
            Assert.Contains(reason, restored.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("sessions ended", restored.Output, StringComparison.Ordinal);
    }

    /// <summary>Only root can try it in the folder of somebody else.</summary>
    [Fact]
    public async Task What_is_restored_belongs_to_the_owner_of_the_folder()
    {
        await AddUser();
        await Run("backup", "today.db");
        if (Environment.IsPrivilegedProcess)
        {
            using var chown = System.Diagnostics.Process.Start("chown", ["-R", "4321:4322", data]);
            await chown.WaitForExitAsync();
        }

        Assert.Equal(0, (await Run("restore", "today.db")).Exit);

        var owner = FileFacts.Find(data)!;
        Assert.Equal(Environment.IsPrivilegedProcess ? 4321u : Ownership.CurrentUser, owner.Owner);
        Assert.All(Directory.GetFiles(data), file => Assert.Equal((file, owner.Owner, owner.Group), (file, FileFacts.Find(file)!.Owner, FileFacts.Find(file)!.Group)));
    }

    [Theory]
    [InlineData("restore", "missing.db", "There is no file \"missing.db\"")]
    [InlineData("backup", "no/folder/today.db", "There is no folder for \"no/folder/today.db\"")]
    [InlineData("restore", "garbage", "The backup cannot be used")]
    public async Task What_does_not_work_is_said_in_a_sentence(string verb, string file, string sentence)
    {
        await AddUser();
        await File.WriteAllTextAsync(Path.Combine(home, "garbage"), new string('x', 10_000));

        var refused = await Run(verb, file);

        Assert.Equal(1, refused.Exit);
        Assert.Contains(sentence, refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Error, StringComparison.Ordinal);
    }

    private Task<ChildAnswer> Run(params string[] args) => Child.Run(home, "", [.. args, "--data", data]);

    private async Task AddUser()
    {
        await Place.Install(data);
        var added = await Child.Run(home, Password + "\n", "users", "add", "early@example.test", "--data", data, "--set", "AVOUCH_ARGON2_MEMORY_KIB=64");
        Assert.Equal(0, added.Exit);
    }

    private async Task<List<string>> Kinds()
    {
        await Run("backup", "to-look-into.db");   // the second holds the row of the first
        using var connection = Connection.OpenReader(Path.Combine(home, "to-look-into.db"));
        return await connection.List("SELECT kind FROM journal", static row => row.Text(0));
    }

    private static async Task Register(Uri url, string name)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsJsonAsync(new Uri(url, "/api/v1/auth/register"), new { username = name, email = $"{name}@example.test", password = Password });
        Assert.Equal(System.Net.HttpStatusCode.Created, answer.StatusCode);
    }
}
