using Avouch.Server.Data;

namespace Avouch.Server.Journal;

/// <summary>
/// Takes the network addresses of deleted people out of the journal. What is to be done is written with the deletion, so a crash forgets nothing; it
/// is done in small batches, so that nobody waits behind ten thousand rows.
/// </summary>
internal sealed class JournalErasure(Database database)
{
    private const int BatchSize = 500;

    /// <summary>Notes it in the transaction of the deletion.</summary>
    public static ValueTask<int> Add(Transaction transaction, Guid user) =>
        transaction.Execute("INSERT INTO erasures (user_id, seq) VALUES (@user, 0) ON CONFLICT DO NOTHING", ("user", user));

    /// <summary>Does what is noted.</summary>
    public async Task Run(CancellationToken stoppingToken)
    {
        while (await Find() is { } user)
            while (await ClearBatch(user) == BatchSize)
                stoppingToken.ThrowIfCancellationRequested();
    }

    private ValueTask<Guid?> Find() => database.Read(statements => statements.Find("SELECT user_id FROM erasures LIMIT 1", static row => row.IdOrNull(0)));

    /// <returns>How many rows were looked at; fewer than a batch: these were the last.</returns>
    private ValueTask<int> ClearBatch(Guid user) => database.Write(async transaction =>
    {
        var rows = await transaction.List(
            """
            SELECT seq FROM journal
             WHERE user_id = @user AND seq > COALESCE((SELECT seq FROM erasures WHERE user_id = @user), 0)
             ORDER BY seq
             LIMIT @batch
            """,
            static row => row.Long(0), ("user", user), ("batch", BatchSize));
        if (rows.Count > 0)
            await transaction.Execute("UPDATE journal SET address = NULL WHERE user_id = @user AND seq >= @first AND seq <= @last", ("user", user), ("first", rows[0]), ("last", rows[^1]));
        if (rows.Count < BatchSize) await transaction.Execute("DELETE FROM erasures WHERE user_id = @user", ("user", user));
        else await transaction.Execute("UPDATE erasures SET seq = @last WHERE user_id = @user", ("last", rows[^1]), ("user", user));
        return rows.Count;
    });
}
