using Avouch.Server.Data;

namespace Avouch.Server.Users;

/// <summary>Gives accounts of before the search by full name the key for it, some at a time. It reads nothing where all have one.</summary>
internal sealed class FullNameKeys(Database database)
{
    private const int BatchSize = 500;

    /// <returns>How many got one.</returns>
    public async Task<int> Run(CancellationToken stoppingToken)
    {
        var total = 0;
        int done;
        do
        {
            done = await AddBatch();
            total += done;
        }
        while (done == BatchSize && !stoppingToken.IsCancellationRequested);
        return total;
    }

    private ValueTask<int> AddBatch() => database.Write(async transaction =>
    {
        var names = await transaction.List(
            "SELECT id, full_name FROM users WHERE full_name IS NOT NULL AND full_name_key IS NULL ORDER BY id LIMIT @batch",
            static row => (Id: row.Id(0), FullName: row.Text(1)), ("batch", BatchSize));
        foreach (var (id, fullName) in names)
            await transaction.Execute("UPDATE users SET full_name_key = @key WHERE id = @id", ("key", NameKey.Of(fullName)), ("id", id));
        return names.Count;
    });
}
