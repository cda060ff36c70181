using System.Diagnostics;
using Avouch.Server.Data.Sqlite;

namespace Avouch.Load;

/// <summary>
/// Durable refreshes at 64 connections, every request with a token that has not been used, beside the rate at which SQLite alone commits one row
/// after the other with synchronous=FULL on the same disk. Whether generations really rose is read from the database.
/// </summary>
internal static class Refreshes
{
    private const int Connections = 64;
    private const double Goal = 1.8;

    public static async Task Run(Stage stage, Host server, IReadOnlyList<Account> accounts, string database)
    {
        var (rate, p50, p99, cpu, raw) = (new Median(), new Median(), new Median(), new Median(), new Median());
        var (refused, answers, lost) = (0L, 0L, 0L);
        await Drive();   // warm-up
        (rate, p50, p99, cpu, raw, refused, answers, lost) = (new Median(), new Median(), new Median(), new Median(), new Median(), 0, 0, 0);
        var before = Look(database);
        await stage.Alternate("refresh", Drive, Raw);
        var after = Look(database);

        var ratio = rate.Value / raw.Value;
        stage.Goal("durable refreshes/s, 64 connections, against raw SQLite", "≥ 1.80", Stage.Show(ratio), ratio >= Goal && refused == 0 && lost == 0,
            $"{rate.Value:0}/s ({rate.Range("0")}) against {raw.Value:0} commits/s ({raw.Range("0")}); p50 {p50.Value:0.0} ms, p99 {p99.Value:0.0} ms; CPU {cpu.Value:0} µs a refresh; {answers} answers, {refused} refused, {lost} without a new generation");
        stage.Figure("rows and bytes after the refreshes", $"{after.Bytes - before.Bytes:+#,0;-#,0;0} bytes",
            $"{after.Generations - before.Generations} refreshes; sessions {before.Sessions} → {after.Sessions} (one more for each sign-in of this part), journal {before.Journal} → {after.Journal}; {after.Bytes / 1024} KiB with the write-ahead log");

        async Task Drive()
        {
            var tokens = new List<string>();
            foreach (var account in accounts) tokens.Add((await account.SignIn()).Refresh);   // a few more than connections: wrk builds requests that it does not send
            var file = stage.PathOf("tokens");
            await File.WriteAllLinesAsync(file, tokens);

            var (cpuBefore, seen) = (server.Cpu(), Look(database).Generations);
            var run = await Wrk.Drive(server.Url + "/api/v1/auth/refresh", Connections, stage.Seconds, "refresh.lua", file, "2");
            cpu.Add((server.Cpu() - cpuBefore) / run.Answers);
            rate.Add(run.Rate);
            p50.Add(run.P50);
            p99.Add(run.P99);
            refused += run.Failed;
            answers += run.Answers;
            lost += Math.Max(0, run.Answers - run.Failed - (Look(database).Generations - seen));
        }

        Task Raw() => Task.Run(() => raw.Add(Commits(stage.PathOf("raw.db"), stage.Seconds)));
    }

    /// <summary>One update of one row, one commit, again and again.</summary>
    private static double Commits(string path, double seconds)
    {
        using var connection = Connection.OpenWriter(path);
        connection.ExecuteScript("CREATE TABLE IF NOT EXISTS counter (id INTEGER PRIMARY KEY, value INTEGER NOT NULL); INSERT INTO counter VALUES (1, 0) ON CONFLICT DO NOTHING");
        var (began, count) = (Stopwatch.GetTimestamp(), 0);
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds)
        {
            connection.Run("UPDATE counter SET value = value + 1 WHERE id = @id", ("id", 1));
            count++;
        }
        return count / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static (long Generations, long Sessions, long Journal, long Bytes) Look(string database)
    {
        using var connection = Connection.OpenReader(database);
        var (generations, sessions) = connection.First("SELECT SUM(generation - 1), COUNT(*) FROM sessions", static row => (row.Long(0), row.Long(1)));
        var journal = connection.First("SELECT COUNT(*) FROM journal", static row => row.Long(0));
        var files = new[] { database, database + "-wal" }.Where(File.Exists);
        return (generations, sessions, journal, files.Sum(file => new FileInfo(file).Length));
    }
}
