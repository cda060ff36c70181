using System.Globalization;
using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Settings;

namespace Avouch.Server.Keys;

/// <summary>Facts about this installation that every process on its database must agree on: the issuer and the master key.</summary>
internal sealed record Installation(string Issuer)
{
    private const string KeyCheck = "key_check";
    private const string Floor = "tokens_not_before";
    private const string FloorCause = "tokens_not_before_cause";

    /// <summary>Reads the facts, or writes them at the first start.</summary>
    /// <exception cref="StartException">The master key is not the one that this database was made with.</exception>
    public static async Task<Installation> Open(Database database, ServerSettings settings, MasterKeys keys, TimeProvider time) => await database.Write(async transaction =>
    {
        var check = await GetOrAdd(transaction, KeyCheck, keys.Current.CheckValue);
        if (!keys.Knows(check))
            throw new StartException("The master key is not the one that this database was made with.", "Give the right AVOUCH_SECRET_KEY (or put secret.key back into the data folder); to exchange it, give the old one in AVOUCH_SECRET_KEY_PREVIOUS.");
        var issuer = await GetOrAdd(transaction, "issuer", settings.PublicUrl ?? UrlRules.ToPublic(settings.Urls[0]));
        if (settings.PublicUrl is { } url && url != issuer)
        {
            await transaction.Execute("UPDATE installation SET value = @value WHERE name = 'issuer'", ("value", url));
            await new SecurityJournal().Add(transaction, new JournalEntry(JournalKind.SettingChanged, time.GetUtcNow()) { Detail = $"issuer: {url}" });
            issuer = url;
        }
        return new Installation(issuer);
    });

    /// <exception cref="StartException">The master key is not the one that this database was made with.</exception>
    public static async ValueTask RequireMasterKey(Database database, MasterKeys keys)
    {
        if (await database.Read(statements => Find(statements, KeyCheck)) is not { } check || !keys.Knows(check))
            throw new StartException("The master key is not the one that this database was made with.", "Give that key in AVOUCH_SECRET_KEY (or put its secret.key into the data folder).");
    }

    /// <summary>Since when access tokens count: everything issued before was taken back by a restore. Nothing where there was none.</summary>
    public static async ValueTask<TokenFloor?> FindFloor(Statements statements) =>
        await Find(statements, Floor) is { } seconds && await Find(statements, FloorCause) is { } cause
            ? new TokenFloor(DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds, CultureInfo.InvariantCulture)), long.Parse(cause, CultureInfo.InvariantCulture))
            : null;

    /// <summary>Raises it; one that is higher already stays, whatever the clock says now.</summary>
    public static async ValueTask RaiseFloor(Transaction transaction, TokenFloor floor)
    {
        if (await FindFloor(transaction) is { } known && known.IssuedBefore >= floor.IssuedBefore) return;
        await Set(transaction, Floor, floor.IssuedBefore.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        await Set(transaction, FloorCause, floor.Cause.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>From now on the current master key is the one of this database: everything is sealed under it.</summary>
    /// <returns>Whether it was another one before.</returns>
    public static ValueTask<bool> SetMasterKey(Database database, SecurityJournal journal, MasterKey key, DateTimeOffset now) => database.Write(async transaction =>
    {
        var changed = await transaction.Execute("UPDATE installation SET value = @value WHERE name = @name AND value <> @value", ("value", key.CheckValue), ("name", KeyCheck));
        if (changed == 0) return false;
        await journal.Add(transaction, new JournalEntry(JournalKind.MasterKeyChanged, now));
        return true;
    });

    /// <summary>Whether one of these keys is the one of this database; a database without one takes any.</summary>
    public static async ValueTask<bool> Fits(Database database, MasterKeys keys) =>
        await database.Read(statements => statements.Find("SELECT value FROM installation WHERE name = @name", static row => row.Text(0), ("name", KeyCheck))) is not { } check
        || keys.Knows(check);

    private static async ValueTask<string> GetOrAdd(Transaction transaction, string name, string value)
    {
        await transaction.Execute("INSERT INTO installation (name, value) VALUES (@name, @value) ON CONFLICT DO NOTHING", ("name", name), ("value", value));
        return (await Find(transaction, name))!;
    }

    private static ValueTask<string?> Find(Statements statements, string name) =>
        statements.Find("SELECT value FROM installation WHERE name = @name", static row => row.Text(0), ("name", name));

    private static ValueTask<int> Set(Transaction transaction, string name, string value) => transaction.Execute(
        "INSERT INTO installation (name, value) VALUES (@name, @value) ON CONFLICT (name) DO UPDATE SET value = @value", ("name", name), ("value", value));
}

/// <summary>Everybody's access tokens that were issued before a moment are refused.</summary>
/// <param name="IssuedBefore">A whole second.</param>
/// <param name="Cause">The journal row that says why.</param>
internal sealed record TokenFloor(DateTimeOffset IssuedBefore, long Cause);
