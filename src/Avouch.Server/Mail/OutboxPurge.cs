using Avouch.Server.Data;

namespace Avouch.Server.Mail;

/// <summary>Deletes rows of letters that were sent or given up long ago, a small batch at a time.</summary>
internal sealed class OutboxPurge(Database database, TimeProvider time)
{
    private const int BatchSize = 500;

    /// <summary>Long enough to answer whether somebody's mail went out, and when.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    /// <returns>How many were deleted.</returns>
    public async Task<int> Run(CancellationToken stoppingToken)
    {
        var total = 0;
        foreach (var column in (string[])["sent_at", "dead_at"])
        {
            int deleted;
            do
            {
                deleted = await database.Write(transaction => transaction.Execute(
                    $"DELETE FROM mail_outbox WHERE id IN (SELECT id FROM mail_outbox WHERE {column} IS NOT NULL AND {column} < @oldest LIMIT @batch)",
                    ("oldest", time.GetUtcNow() - Retention), ("batch", BatchSize)));
                total += deleted;
            }
            while (deleted == BatchSize && !stoppingToken.IsCancellationRequested);
        }
        return total;
    }
}
