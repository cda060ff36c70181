using System.Collections.Concurrent;
using Avouch.Server.Data.Sqlite;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Backups;

public sealed class BackupTests : ServerTests
{
    [Fact]
    public async Task Whatever_was_acknowledged_before_is_in_it_although_everybody_writes_on()
    {
        await Grow(megabytes: 8);
        var people = await Client.SignUpMany(8);
        var load = new Load(Client, people);
        await load.Reach(40);
        var (users, generations) = load.Acknowledged();

        await Server.BackUp(Backup, _ => load.Reach(load.Count + 1).Wait());   // between two steps of the copy something is acknowledged, each time
        await load.Stop();

        var (knownUsers, knownGenerations) = await Read(Backup);
        Assert.Null(SqliteFile.FindFault(Backup));
        Assert.True(load.Count > 44, $"Only {load.Count} writes: the copy was made in too few steps to show anything.");
        Assert.Subset(knownUsers, users);
        Assert.All(generations, session => Assert.InRange(knownGenerations[session.Key], session.Value, long.MaxValue));
        Assert.True(knownUsers.Count < await Server.Count("users"), "The copy is of one moment, and people signed up after it.");
    }

    [Fact]
    public async Task It_is_one_file_and_nothing_of_it_stays_in_the_data_folder()
    {
        await Client.Join("alice");

        await Server.BackUp(Backup);

        Assert.Equal([Backup], Directory.GetFiles(Scratch));
        Assert.Empty(Directory.GetFiles(Server.Folder, "avouch.tmp-*"));
        var header = (await File.ReadAllBytesAsync(Backup)).AsSpan(0, 20).ToArray();
        Assert.Equal([1, 1], header[18..20]);   // no write-ahead log (https://www.sqlite.org/fileformat.html#file_format_version_numbers)
    }

    [Fact]
    public async Task The_master_key_and_open_secrets_are_not_in_it()
    {
        var tokens = await Client.Join("alice");

        await Server.BackUp(Backup);

        var bytes = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Backup));
        var key = (await File.ReadAllTextAsync(Path.Combine(Server.Folder, "secret.key"))).Trim();
        foreach (var secret in (string[])[key, System.Text.Encoding.Latin1.GetString(Convert.FromHexString(key)), tokens.AccessToken, tokens.RefreshToken, TestClient.Password])
            Assert.DoesNotContain(secret, bytes, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task One_that_is_stopped_leaves_nothing_and_harms_nobody()
    {
        await Grow(megabytes: 8);
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Server.Get<Server.Backups.Backup>().Copy(_ => stop.Cancel(), stop.Token));

        Assert.Empty(Directory.GetFiles(Server.Folder, "avouch.tmp-*"));
        await Client.Join("alice");
        await Server.BackUp(Backup);
        Assert.Null(SqliteFile.FindFault(Backup));
    }

    [Fact]
    public async Task What_a_crash_left_of_one_is_gone_after_the_next_start()
    {
        var left = Path.Combine(Server.Folder, "avouch.tmp-backup-0123");

        await Server.Restart(_ => File.WriteAllText(left, "half"));

        Assert.False(File.Exists(left));
    }

    private string Backup => Path.Combine(Scratch, "backup.db");

    private async Task Grow(int megabytes)
    {
        await Server.Database.Write(transaction => transaction.ExecuteScript("CREATE TABLE ballast (bytes BLOB NOT NULL)"));
        for (var i = 0; i < megabytes; i++)
            await Server.Database.Write(transaction => transaction.Execute("INSERT INTO ballast VALUES (zeroblob(1000000))"));
    }

    private static async Task<(HashSet<string> Users, Dictionary<Guid, long> Generations)> Read(string file)
    {
        await using var database = SqliteDatabase.Open(file);
        var users = await database.Read(statements => statements.List("SELECT username FROM users", static row => row.Text(0)));
        var sessions = await database.Read(statements => statements.List("SELECT id, generation FROM sessions", static row => (Id: row.Id(0), Generation: row.Long(1))));
        return ([.. users], sessions.ToDictionary(session => session.Id, session => session.Generation));
    }

    /// <summary>People who refresh and sign up without a pause, and what the server has told them.</summary>
    private sealed class Load
    {
        private readonly ConcurrentDictionary<string, bool> users = new();
        private readonly ConcurrentDictionary<Guid, long> generations = new();
        private readonly Task[] workers;
        private int count;
        private volatile bool isStopped;

        public Load(TestClient client, Tokens[] people) =>
            workers = [.. people.Select(person => Task.Run(() => Refresh(client, person))), Task.Run(() => SignUp(client))];

        public int Count => Volatile.Read(ref count);

        public async Task Reach(int total)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (Count < total)
            {
                patience.Token.ThrowIfCancellationRequested();
                await Task.Delay(1);
            }
        }

        public (HashSet<string> Users, Dictionary<Guid, long> Generations) Acknowledged() => ([.. users.Keys], new(generations));

        public async Task Stop()
        {
            isStopped = true;
            await Task.WhenAll(workers);
        }

        private async Task Refresh(TestClient client, Tokens tokens)
        {
            for (long generation = 2; !isStopped; generation++)
            {
                tokens = await client.Refresh(tokens);
                generations[tokens.SessionId] = generation;
                Interlocked.Increment(ref count);
            }
        }

        private async Task SignUp(TestClient client)
        {
            for (var number = 0; !isStopped; number++)
            {
                await client.Register($"late{number}");
                users[$"late{number}"] = true;
                Interlocked.Increment(ref count);
            }
        }
    }
}
