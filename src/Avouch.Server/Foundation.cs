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

    /// <summary>
    /// Makes what is missing, but for a master key that a database already lies under, and brings the schema up to date. The issuer is only read.
    /// </summary>
    /// <exception cref="StartException">Something is wrong that the operator has to mend.</exception>
    /// <exception cref="FolderInUseException">Another process owns the folder.</exception>
    public static async Task<Foundation> Open(AvouchSettings settings, TimeProvider time, Holder holder = Holder.Server)
    {
        NameKey.RequireUnicode();
        var folder = DataFolder.Open(settings.Server.DataFolder, holder);
        Database? database = null;
        try
        {
            database = SqliteDatabase.Open(folder.DatabasePath, time: time);
            var keys = MasterKeys.Load(settings.Server, isNew: !await Installation.HasMasterKey(database));
            if (settings.Tokens.JwtSecret is { } secret && keys.Contain(secret))
                throw new StartException("AVOUCH_JWT_SECRET is the same as the master key.", "Make a second secret, for example with: openssl rand -hex 32.");
            var migrated = await Migrator.Apply(database, Migration.In(typeof(Foundation).Assembly), time);
            var installation = await Installation.Open(database, settings.Server, keys);
            return new Foundation(folder, database, keys, installation) { Migrated = migrated };
        }
        catch (Exception failure)
        {
            if (database is not null) await database.DisposeAsync();
            folder.Dispose();
            if (failure is DatabaseException broken) throw Explain(folder, broken);
            throw;
        }
    }

    /// <summary>SQLite names neither the file nor a way out.</summary>
    public static StartException Explain(DataFolder folder, DatabaseException broken) =>
        new($"The database {folder.DatabasePath} cannot be used ({broken.Message}).", "If it is damaged, keep a copy of the whole folder and put the last good backup back; avouch doctor looks for more.");

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Folder.Dispose();
    }
}
