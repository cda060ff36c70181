using Avouch.Server.Data;
using Avouch.Server.Settings;

namespace Avouch.Server.Journal;

/// <summary>Deletes journal rows that are older than the retention, a small batch at a time.</summary>
internal sealed class JournalPurge(Database database, JournalSettings settings, TimeProvider time)
{
    private const int BatchSize = 500;

    /// <returns>How many were deleted.</returns>
    public async Task<int> Run(CancellationToken stoppingToken)
    {
        var total = 0;
        int deleted;
        do
        {
            deleted = await database.Write(transaction => transaction.Execute(
                "DELETE FROM journal WHERE seq IN (SELECT seq FROM journal WHERE at < @oldest LIMIT @batch)",
                ("oldest", time.GetUtcNow() - settings.Retention), ("batch", BatchSize)));
            total += deleted;
        }
        while (deleted == BatchSize && !stoppingToken.IsCancellationRequested);
        return total;
    }
}
