using Avouch.Server.Data;
using Avouch.Server.Journal;

namespace Avouch.Server.Backups;

/// <summary>
/// A copy of the database while the server works. It is made in the data folder first, at the speed of the disk, and handed out from there: a slow
/// target must not keep the write-ahead log from shrinking. The master key is not in it.
/// </summary>
internal sealed class Backup(Foundation foundation, Database database, SecurityJournal journal, TimeProvider time)
{
    private const int BufferBytes = 128 * 1024;

    /// <summary>How large the copy is going to be, in bytes, roughly.</summary>
    public ValueTask<long> EstimateBytes() => database.MeasureCopy();

    /// <summary>Makes a copy of everything that is committed when this is called.</summary>
    /// <param name="copied">Told of so many bytes more.</param>
    /// <returns>The copy, deleted when it is closed.</returns>
    public async Task<Stream> Copy(Action<long> copied, CancellationToken stop)
    {
        var path = foundation.Folder.CreateTemporary("backup");
        try
        {
            await database.Copy(path, copied, stop);
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None, BufferBytes, FileOptions.DeleteOnClose | FileOptions.SequentialScan);
        }
        catch (Exception failed)
        {
            File.Delete(path);
            if (failed is not DatabaseException { Fault: DatabaseFault.Storage } storage) throw;
            throw new DatabaseException($"{storage.Message} The copy is made in {foundation.Folder.FullPath} first: make as much room there as the database takes.", storage.Fault, storage);
        }
    }

    /// <summary>Notes that somebody has a copy of everything now.</summary>
    public async Task Note(long bytes) => await database.Write(transaction =>
        journal.Add(transaction, new JournalEntry(JournalKind.BackedUp, time.GetUtcNow()) { Detail = $"{bytes} bytes" }));
}
