using Avouch.Server;
using Avouch.Server.Journal;
using Avouch.Server.Settings;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;

namespace Avouch.Benchmarks;

/// <summary>What the pictures of the overview cost with a journal of a million rows a day for a week, each time as the first after a start (decision 126).</summary>
public class JournalFiguresBenchmark
{
    private string folder = "";
    private Foundation foundation = null!;
    private ServiceProvider nouns = null!;

    [GlobalSetup]
    public void Prepare() => Open().GetAwaiter().GetResult();   // the in-process toolchain does not wait for a setup that returns a task

    [GlobalCleanup]
    public void CleanUp() => Close().GetAwaiter().GetResult();

    [Benchmark]
    [Arguments(24)]
    [Arguments(168)]
    public async Task<int> Count(int hours)
    {
        using var figures = ActivatorUtilities.CreateInstance<JournalFigures>(nouns);
        return (await figures.Count(hours)).Count;
    }

    [Benchmark]
    public async Task<int> Alarms() => (await nouns.GetRequiredService<JournalAlarms>().List(TimeProvider.System.GetUtcNow().AddDays(-30), 5)).Count;

    private async Task Open()
    {
        folder = Directory.CreateTempSubdirectory("avouch-journal-").FullName;
        var settings = AvouchSettings.Read(SettingsSource.Load(folder, new Dictionary<string, string> { ["AVOUCH_DATA"] = folder })).Settings!;
        foundation = await Foundation.Open(settings, TimeProvider.System);
        nouns = new ServiceCollection().AddLogging().AddAvouch(settings, foundation, TimeProvider.System).BuildServiceProvider();
        await foundation.Database.Write(transaction => transaction.Execute(
            """
            INSERT INTO journal (at, kind, user_id, session_id, address, detail)
            WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 6999999)
            SELECT @now - 604800000 + i * 604800000 / 7000000,
                   CASE i % 10 WHEN 0 THEN 'sign_in.failed' WHEN 1 THEN 'user.edited' WHEN 2 THEN 'session.ended' WHEN 3 THEN 'session.ended' ELSE 'session.started' END,
                   randomblob(16), randomblob(16), '203.0.113.7', CASE i % 10 WHEN 2 THEN 'signed_out' WHEN 3 THEN 'ended_by_user' END
              FROM n
            """, ("now", TimeProvider.System.GetUtcNow())));
    }

    private async Task Close()
    {
        await nouns.DisposeAsync();
        await foundation.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
