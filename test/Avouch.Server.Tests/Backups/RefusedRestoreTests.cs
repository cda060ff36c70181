using System.Security.Cryptography;
using Avouch.Server.Backups;
using Avouch.Server.Data.Sqlite;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Backups;

/// <summary>A backup that cannot be used is refused in words, and nothing has changed.</summary>
public sealed class RefusedRestoreTests : ServerTests
{
    private string Backup => Path.Combine(Scratch, "backup.db");

    [Fact]
    public async Task Garbage() => await MustRefuse("file is not a database", () => File.WriteAllBytesAsync(Backup, RandomNumberGenerator.GetBytes(10_000)));

    [Fact]
    public async Task An_empty_file() => await MustRefuse("no database of Avouch", () => File.WriteAllBytesAsync(Backup, []));

    [Fact]
    public async Task Half_a_backup() => await MustRefuse("The backup cannot be used", async () =>
    {
        await Server.BackUp(Backup);
        await using var file = File.OpenWrite(Backup);
        file.SetLength(file.Length / 2);
    });

    [Fact]
    public async Task A_backup_in_which_a_page_was_changed() => await MustRefuse("damaged", async () =>
    {
        await Server.BackUp(Backup);
        await using var file = File.OpenWrite(Backup);
        file.Position = 5 * 4096;
        await file.WriteAsync(RandomNumberGenerator.GetBytes(4096));
    });

    [Fact]
    public async Task The_database_of_another_program() => await MustRefuse("no database of Avouch", async () =>
    {
        await Server.BackUp(Backup);
        Change("PRAGMA application_id = 42");
    });

    [Fact]
    public async Task A_database_of_a_newer_version() => await MustRefuse("newer version", async () =>
    {
        await Server.BackUp(Backup);
        Change("INSERT INTO migrations (number, name, checksum, applied_at) VALUES (9999, 'future', 'x', 0)");
    });

    [Fact]
    public async Task A_backup_of_another_master_key() => await MustRefuse("The master key is not the one", async () =>
    {
        await using var other = await TestServer.Start();
        await other.BackUp(Backup);
    });

    [Fact]
    public async Task A_folder_without_a_master_key_gets_none()
    {
        await Server.BackUp(Backup);
        var path = Path.Combine(Server.Folder, "secret.key");
        var key = await File.ReadAllTextAsync(path);

        var refused = await Assert.ThrowsAsync<RestoreException>(() => Server.Restore(Backup, keepSessions: false,
            _ => File.Delete(path),
            _ =>
            {
                Assert.False(File.Exists(path));
                File.WriteAllText(path, key);
            }));

        Assert.Contains("put that key back first", refused.Message, StringComparison.Ordinal);
    }

    private async Task MustRefuse(string because, Func<Task> prepare)
    {
        var tokens = await Client.Join("alice");
        await prepare();
        var before = "";
        var after = "";

        var refused = await Assert.ThrowsAsync<RestoreException>(() => Server.Restore(Backup, keepSessions: false, folder => before = Describe(folder), folder => after = Describe(folder)));

        Assert.Contains(because, refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, after);
        Reconnect();
        await Client.Refresh(tokens);
    }

    private void Change(string sql)
    {
        using var connection = Connection.OpenCopy(Backup);
        connection.ExecuteScript(sql);
    }

    /// <summary>Every file with what is in it; who holds the folder may change.</summary>
    private static string Describe(string folder) => string.Join('\n', Directory.GetFiles(folder).Order()
        .Where(file => Path.GetFileName(file) is not ("avouch.lock" or "avouch.pid"))
        .Select(file => $"{Path.GetFileName(file)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}"));
}
