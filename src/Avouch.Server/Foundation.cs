using Avouch.Server.Data;
using Avouch.Server.Data.Sqlite;
using Avouch.Server.Keys;
using Avouch.Server.Settings;
using Avouch.Server.Users;

namespace Avouch.Server;

/// <summary>
/// What a server or a command stands on: the data folder with its lock, the database at today's schema, the master key, the facts of the
/// installation. Whoever has one owns the folder until it is disposed.
/// </summary>
internal sealed record Foundation(DataFolder Folder, Database Database, MasterKeys MasterKeys, Installation Installation) : IAsyncDisposable
{
    /// <summary>The steps of the schema that were taken when it was opened.</summary>
    public IReadOnlyList<Migration> Migrated { get; init; } = [];

    /// <exception cref="StartException">Something is wrong that the operator has to mend.</exception>
    /// <exception cref="FolderInUseException">Another process owns the folder.</exception>
    public static async Task<Foundation> Open(AvouchSettings settings, TimeProvider time)
    {
        NameKey.RequireUnicode();
        var folder = DataFolder.Open(settings.Server.DataFolder);
        Database? database = null;
        try
        {
            database = SqliteDatabase.Open(folder.DatabasePath);
            var migrated = await Migrator.Apply(database, Migration.In(typeof(Foundation).Assembly), time);
            var keys = MasterKeys.Load(settings.Server);
            if (settings.Tokens.JwtSecret is { } secret && keys.Contain(secret))
                throw new StartException("AVOUCH_JWT_SECRET is the same as the master key.", "Make a second secret, for example with: openssl rand -hex 32.");
            var installation = await Installation.Open(database, settings.Server, keys, time);
            return new Foundation(folder, database, keys, installation) { Migrated = migrated };
        }
        catch
        {
            if (database is not null) await database.DisposeAsync();
            folder.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Folder.Dispose();
    }
}
