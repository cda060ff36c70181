using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Users;

namespace Avouch.Server.Cli.Checks;

/// <summary>The database from inside: its schema, every page of it, the keys in it, who administers it. Changes nothing.</summary>
internal sealed class DatabaseChecks(Database database, MasterKeys? masterKeys, TimeProvider time)
{
    public const string Area = "database";

    public async IAsyncEnumerable<Finding> Find()
    {
        yield return await Damage();
        yield return await Schema();
        if (!await database.Read(statements => database.HasTable(statements, "installation"))) yield break;
        yield return await Clock();
        if (masterKeys is not null)
            foreach (var finding in await Keys(masterKeys)) yield return finding;
        if (await UserAccounts.CountForeignHashes(database) is > 0 and var foreign)
            yield return Finding.Warning("passwords", $"{foreign} {(foreign == 1 ? "account has" : "accounts have")} the hash of another system, which may be a weak one, until their owners sign in.", "Ask those who do not come to sign in, or give them a new password: avouch users reset-password USER.");
        if (!await UserAccounts.HasAdmin(database))
            yield return Finding.Warning("users", "There is no active administrator.", "Make one: avouch users add you@example.com --admin, or avouch users set-role USER admin.");
    }

    private async Task<Finding> Damage()
    {
        var damage = await database.FindDamage();
        return damage.Count == 0
            ? Finding.Ok(Area, "every page is sound")
            : Finding.Fault(Area, "damaged: " + string.Join("; ", damage), "Stop the server, keep a copy of the folder, and restore the last good backup.");
    }

    private async Task<Finding> Schema()
    {
        try
        {
            var missing = await Migrator.FindMissing(database, Migration.In(typeof(Foundation).Assembly));
            return missing.Count == 0
                ? Finding.Ok(Area, "at the schema of this version")
                : Finding.Warning(Area, $"lacks {string.Join(", ", missing)}", "Make a backup, then: avouch migrate. The next start of the server does the same.");
        }
        catch (MigrationException exception)
        {
            return Finding.Fault(Area, exception.Message, "Nothing was changed.");
        }
    }

    /// <summary>Time is in every token and every limit: a clock that went back makes the ended live again.</summary>
    private async Task<Finding> Clock()
    {
        var latest = await database.Read(SecurityJournal.FindLatestTime);
        var behind = latest - time.GetUtcNow();
        return behind > ClockChecks.Tolerance
            ? Finding.Fault(ClockChecks.Area, $"it is {behind.Value.TotalSeconds:0} s behind the newest row of the journal ({Listing.Time(latest)} UTC).", ClockChecks.Remedy)
            : Finding.Ok(ClockChecks.Area, $"not behind the newest row of the journal; it is {Listing.Time(time.GetUtcNow())} UTC");
    }

    private async Task<List<Finding>> Keys(MasterKeys master)
    {
        if (!await Installation.Fits(database, master))
            return [Finding.Fault("master key", "It is not the one that this database was made with.", "Give the right AVOUCH_SECRET_KEY (or put secret.key back); to exchange it, give the old one in AVOUCH_SECRET_KEY_PREVIOUS.")];
        var keys = await database.Read(StoredKey.List);
        var lost = keys.Where(key => !master.TryOpen(key.Sealed, key.KeyId, out _)).Select(key => key.KeyId).ToList();
        var old = keys.Count(key => !master.Current.TryOpen(key.Sealed, key.KeyId, out _)) - lost.Count;
        if (lost.Count > 0) return [Finding.Fault("keys", $"cannot be opened: {string.Join(", ", lost)}", "Give the key that they were sealed under in AVOUCH_SECRET_KEY_PREVIOUS, or restore a backup.")];
        if (old > 0) return [Finding.Warning("keys", $"{old} still lie under a previous master key", "avouch keys reencrypt")];
        return [Finding.Ok("keys", $"{keys.Count} private keys, all of which open")];
    }
}
