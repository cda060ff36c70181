using Avouch.ResourceServer;
using Avouch.Server.Data;

namespace Avouch.Server.Sessions;

/// <summary>
/// Deletes sessions that are over, a small batch at a time, so that nobody waits behind a long transaction. A row stays until no access token of
/// its session can be alive any more: until then it is what a restarted server learns from that those tokens are refused.
/// </summary>
internal sealed class SessionPurge(Database database, TimeProvider time)
{
    private const int BatchSize = 500;

    /// <summary>Ended sessions are kept for a month: an old refresh token still finds the reason of its refusal.</summary>
    internal static readonly TimeSpan KeepEnded = TimeSpan.FromDays(30);

    /// <returns>How many were deleted.</returns>
    public async Task<int> Run(CancellationToken stoppingToken)
    {
        var total = 0;
        int deleted;
        do
        {
            deleted = await PurgeBatch();
            total += deleted;
        }
        while (deleted == BatchSize && !stoppingToken.IsCancellationRequested);
        return total;
    }

    private ValueTask<int> PurgeBatch() => database.Write(transaction =>
    {
        var now = time.GetUtcNow();
        return transaction.Execute(
            """
            DELETE FROM sessions WHERE id IN (
                SELECT id FROM sessions
                 WHERE (ended_at < @old OR idle_until < @old OR expires_at < @old) AND access_until < @dead
                 LIMIT @batch)
            """,
            ("old", now - KeepEnded), ("dead", now - RevocationView.Slack), ("batch", BatchSize));
    });
}
