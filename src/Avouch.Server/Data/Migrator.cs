namespace Avouch.Server.Data;

/// <summary>
/// Brings a database to the schema that this version knows, one transaction for each step. It runs at start, before anybody reads,
/// while the data folder is locked.
/// </summary>
internal static class Migrator
{
    private sealed record Applied(int Number, string Name, string Checksum);

    /// <returns>The steps that were applied now.</returns>
    /// <exception cref="MigrationException">The database is newer, a released step was changed, or a step failed.</exception>
    public static async ValueTask<IReadOnlyList<Migration>> Apply(
        Database database, IReadOnlyList<Migration> migrations, TimeProvider time)
    {
        CheckNumbers(migrations);
        var applied = await database.Write(tx => CreateTableAndList(database, tx)).ConfigureAwait(false);
        CheckNotNewer(applied, migrations.Count);
        CheckUnchanged(applied, migrations);

        var missing = migrations.Skip(applied.Count).ToList();
        foreach (var migration in missing)
            await Apply(database, migration, time.GetUtcNow()).ConfigureAwait(false);
        return missing;
    }

    /// <summary>The steps that a database still lacks. Changes nothing.</summary>
    /// <exception cref="MigrationException">The database is newer, or a released step was changed.</exception>
    public static async ValueTask<IReadOnlyList<Migration>> FindMissing(Database database, IReadOnlyList<Migration> migrations)
    {
        var applied = await database.Read(async statements => await database.HasTable(statements, "migrations").ConfigureAwait(false) ? await List(statements).ConfigureAwait(false) : []).ConfigureAwait(false);
        CheckNotNewer(applied, migrations.Count);
        CheckUnchanged(applied, migrations);
        return [.. migrations.Skip(applied.Count)];
    }

    private static async ValueTask<List<Applied>> CreateTableAndList(Database database, Transaction tx)
    {
        await tx.ExecuteScript(database.Translate("""
            CREATE TABLE IF NOT EXISTS migrations (
                number      integer NOT NULL PRIMARY KEY,
                name        text    NOT NULL,
                checksum    text    NOT NULL,
                applied_at  {time}  NOT NULL
            )
            """)).ConfigureAwait(false);

        return await List(tx).ConfigureAwait(false);
    }

    private static ValueTask<List<Applied>> List(Statements statements) => statements.List(
        "SELECT number, name, checksum FROM migrations ORDER BY number",
        static row => new Applied(row.Int(0), row.Text(1), row.Text(2)));

    private static void CheckNumbers(IReadOnlyList<Migration> migrations)
    {
        for (var i = 0; i < migrations.Count; i++)
            if (migrations[i].Number != i + 1)
                throw new MigrationException(
                    $"Migrations are numbered from 1 without gaps, but {migrations[i]} stands at place {i + 1}.");
    }

    private static void CheckNotNewer(List<Applied> applied, int known)
    {
        if (applied is [.., var last] && last.Number > known)
            throw new MigrationException(
                $"The database has migration {last.Number:0000}-{last.Name}, and this version of Avouch knows only {known}. It was used by a "
                + "newer version: start that version or a later one, or restore a backup that was made before the upgrade.");
    }

    private static void CheckUnchanged(List<Applied> applied, IReadOnlyList<Migration> migrations)
    {
        foreach (var (was, migration) in applied.Zip(migrations))
            if (was.Number != migration.Number || was.Checksum != migration.Checksum)
                throw new MigrationException(
                    $"Migration {was.Number:0000}-{was.Name} of the database is not the {migration} of this version: its text has changed "
                    + "since it was applied. Use a released version of Avouch, or restore a backup that was made with this one.");
    }

    private static async ValueTask Apply(Database database, Migration migration, DateTimeOffset now)
    {
        try
        {
            await database.Write(async tx =>
            {
                await tx.ExecuteScript(database.Translate(migration.Text)).ConfigureAwait(false);
                await tx.Execute(
                    "INSERT INTO migrations (number, name, checksum, applied_at) VALUES (@number, @name, @checksum, @now)",
                    ("number", migration.Number), ("name", migration.Name), ("checksum", migration.Checksum), ("now", now))
                    .ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
        catch (DatabaseException exception)
        {
            throw new MigrationException($"Migration {migration} failed and left nothing behind: {exception.Message}", exception);
        }
    }
}
