using System.Diagnostics;
using Avouch.Server.Data.Sqlite;

namespace Avouch.Server.Tests.Cli;

/// <summary>Where commands may write: never over what the installation needs, never over a pipe's name, and through a link to what it stands for.</summary>
public sealed class TargetTests : IDisposable
{
    private const string Remedy = "Choose a file outside of the data folder.";

    private readonly string root = Directory.CreateTempSubdirectory("avouch-test-").FullName;
    private readonly string data;
    private readonly string home;

    public TargetTests()
    {
        data = Directory.CreateDirectory(Path.Combine(root, "data")).FullName;
        home = Directory.CreateDirectory(Path.Combine(root, "home")).FullName;
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_written_into_the_data_folder_by_whatever_name(bool hasServer)
    {
        await using var server = hasServer ? (await Child.Serve(data)).Server : null;
        if (!hasServer) await Place.Install(data);
        await File.WriteAllTextAsync(Named("users.csv"), "email\nnobody\n");
        File.CreateSymbolicLink(Named("key"), "../data/secret.key");
        File.CreateSymbolicLink(Named("wal"), "../data/avouch.db-new");
        File.CreateSymbolicLink(Named("key2"), Named("key"));
        Directory.CreateSymbolicLink(Named("folder"), data);
        var key = await File.ReadAllTextAsync(Path.Combine(data, "secret.key"));

        foreach (var target in (string[])["../data/avouch.db", "../data/avouch.lock", "../data/avouch.sock", "../data/new", "key", "key2", "wal", "folder/secret.key", "folder/../data/avouch.pid", Path.Combine(data, "avouch.db-wal")])
            foreach (var command in (string[][])[["backup", target, "--force"], ["users", "export", target, "--force"], ["users", "import", "users.csv", "--report", target]])
                await MustRefuse(target, command);

        Assert.Equal(key, await File.ReadAllTextAsync(Path.Combine(data, "secret.key")));
        Assert.DoesNotContain(Directory.GetFiles(data), file => file.EndsWith(".tmp", StringComparison.Ordinal) || Path.GetFileName(file) is "new" or "avouch.db-new");
        Assert.Equal(0, (await Run("backup", "after.db")).Exit);
    }

    [Fact]
    public async Task A_file_with_a_secret_is_not_written_over_by_whatever_name()
    {
        var secret = Named("jwt.secret");
        await File.WriteAllTextAsync(secret, "ff112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f");
        await Place.Install(data);
        File.CreateSymbolicLink(Named("link"), secret);
        await Link("ln", secret, Named("hard"));

        foreach (var target in (string[])["jwt.secret", "link", "hard"])
        {
            var refused = await Child.RunWith(home, [("AVOUCH_JWT_SECRET_FILE", secret)], "backup", target, "--force", "--data", data);
            Assert.Equal((1, $"\"{target}\" holds a secret of the settings and is not written over. Choose another file, outside of the data folder."), (refused.Exit, refused.Error.Trim()));
        }
        var (server, _) = await Child.Serve(data, ("AVOUCH_JWT_SECRET_FILE", secret));
        await using var serving = server;
        Assert.Contains("holds a secret", (await Run("backup", "link", "--force")).Error, StringComparison.Ordinal);   // only the server knows of it

        Assert.StartsWith("ff11", await File.ReadAllTextAsync(secret), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_stays_and_the_file_behind_it_is_replaced()
    {
        await Place.Install(data);
        Directory.CreateDirectory(Named("disk"));
        File.CreateSymbolicLink(Named("latest.db"), "disk/monday.db");

        Assert.Equal(0, (await Run("backup", "latest.db")).Exit);   // it led nowhere yet
        Assert.Contains("--force", (await Run("backup", "latest.db")).Error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Named("disk/monday.db"), "old");
        Assert.Equal(0, (await Run("backup", "latest.db", "--force")).Exit);

        Assert.Equal("disk/monday.db", new FileInfo(Named("latest.db")).LinkTarget);
        Assert.Null(SqliteFile.FindFault(Named("disk/monday.db")));
        Assert.Equal([Named("disk/monday.db")], Directory.GetFiles(Named("disk")));
    }

    [Theory]
    [InlineData(false, "pipe")]
    [InlineData(false, "link")]
    [InlineData(true, "pipe")]
    public async Task A_pipe_is_written_into_and_stays_a_pipe(bool hasServer, string name)
    {
        await using var server = hasServer ? (await Child.Serve(data)).Server : null;
        if (!hasServer) await Place.Install(data);
        await Link("mkfifo", Named("pipe"));
        File.CreateSymbolicLink(Named("link"), Named("pipe"));

        var reading = Process.Start("cp", [Named("pipe"), Named("copy.db")]);
        var made = await Run("backup", name);
        await reading.WaitForExitAsync();

        Assert.True(made.Exit == 0, made.Error);
        Assert.Null(SqliteFile.FindFault(Named("copy.db")));
        Assert.Equal(["copy.db", "link", "pipe"], Directory.GetFiles(home).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(Avouch.Server.Data.FileKind.Stream, Avouch.Server.Data.FileFacts.Find(Named("pipe"))!.Kind);
    }

    [Fact]
    public async Task A_report_replaces_a_report_and_nothing_else()
    {
        await Place.Install(data);
        await File.WriteAllTextAsync(Named("users.csv"), "email\nnobody\n");
        foreach (var (name, text) in (Dictionary<string, string>)new() { ["empty"] = "", ["report"] = "line 7: Old.\n", ["letter"] = "Dear Alice,\n" })
            await File.WriteAllTextAsync(Named(name), text);
        File.CreateSymbolicLink(Named("source"), "users.csv");

        foreach (var name in (string[])["empty", "report"])
        {
            await Run("users", "import", "users.csv", "--report", name);
            Assert.StartsWith("line 2: ", await File.ReadAllTextAsync(Named(name)), StringComparison.Ordinal);
        }
        foreach (var name in (string[])["letter", "source"])
        {
            var refused = await Run("users", "import", "users.csv", "--report", name);
            Assert.Equal((1, $"\"{name}\" exists already and is no report of an import, so it is not replaced. Choose another name."), (refused.Exit, refused.Error.Trim()));
        }
        Assert.Equal("Dear Alice,\n", await File.ReadAllTextAsync(Named("letter")));
    }

    [Theory]
    [InlineData("backup", "", "The name of the file is empty.")]
    [InlineData("restore", "", "The name of the file is empty.")]
    [InlineData("backup", ".", "\".\" is a folder.")]
    [InlineData("backup", "../data", "\"../data\" is a folder.")]
    [InlineData("restore", "../data/avouch.db", "\"../data/avouch.db\" is the database of this data folder itself.")]
    [InlineData("restore", "live", "\"live\" is the database of this data folder itself.")]
    public async Task What_cannot_be_meant_is_said_in_a_sentence(string verb, string file, string sentence)
    {
        await Place.Install(data);
        File.CreateSymbolicLink(Named("live"), Path.Combine(data, "avouch.db"));

        var refused = await Run(verb, file);

        Assert.Equal(1, refused.Exit);
        Assert.StartsWith(sentence, refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("--force", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_restore_leaves_an_empty_folder_empty_and_a_missing_one_missing()
    {
        await File.WriteAllTextAsync(Named("garbage"), new string('x', 10_000));
        var missing = Path.Combine(root, "missing");
        (string, string)[] key = [("AVOUCH_SECRET_KEY", "ff112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f")];

        Assert.Contains("There is no secret.key", (await Run("restore", "garbage")).Error, StringComparison.Ordinal);
        Assert.Contains("cannot be used", (await Child.RunWith(home, key, "restore", "garbage", "--data", data)).Error, StringComparison.Ordinal);
        Assert.Contains("cannot be used", (await Child.RunWith(home, key, "restore", "garbage", "--data", missing)).Error, StringComparison.Ordinal);

        Assert.Empty(Directory.GetFileSystemEntries(data));
        Assert.False(Directory.Exists(missing));
    }

    private async Task MustRefuse(string target, string[] command)
    {
        var refused = await Run(command);
        Assert.True(refused.Exit == 1, $"{string.Join(' ', command)} ended with {refused.Exit}: {refused.Error}");
        if (!target.EndsWith(".sock", StringComparison.Ordinal)) Assert.Contains(Remedy, refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("--force", refused.Error, StringComparison.Ordinal);
    }

    private string Named(string name) => Path.Combine(home, name);

    private Task<ChildAnswer> Run(params string[] args) => Child.Run(home, "", [.. args, "--data", data]);

    private static async Task Link(string tool, params string[] args)
    {
        using var made = Process.Start(tool, args);
        await made.WaitForExitAsync();
        Assert.Equal(0, made.ExitCode);
    }
}
