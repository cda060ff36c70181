using Avouch.Server.Data;
using Avouch.Server.Data.Sqlite;
using Avouch.Server.Keys;
using Avouch.Server.Settings;

namespace Avouch.Server;

/// <summary>
/// What a server or a command stands on: the data folder with its lock, the database at today's schema, the master key, the facts of the
/// installation. Whoever has one owns the folder until it is disposed.
/// </summary>
internal sealed record Foundation(DataFolder Folder, Database Database, MasterKey MasterKey, Installation Installation) : IAsyncDisposable
{
    /// <exception cref="StartException">Something is wrong that the operator has to mend.</exception>
    /// <exception cref="FolderInUseException">Another process owns the folder.</exception>
    public static async Task<Foundation> Open(ServerSettings settings, TimeProvider time)
    {
        var folder = DataFolder.Open(settings.DataFolder);
        Database? database = null;
        try
        {
            database = SqliteDatabase.Open(folder.DatabasePath);
            await Migrator.Apply(database, Migration.In(typeof(Foundation).Assembly), time);
            var key = MasterKey.Load(settings);
            var installation = await Installation.Open(database, settings, key);
            return new Foundation(folder, database, key, installation);
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
