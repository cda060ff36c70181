using System.Globalization;
using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Settings;

namespace Avouch.Server.Keys;

/// <summary>Facts about this installation that every process on its database must agree on: the issuer and the master key.</summary>
/// <param name="Issuer">What this process calls itself: the public URL of the settings, else what is stored, else the first address listened on.</param>
/// <param name="StoredIssuer">What the database says; <see langword="null"/> until a server has listened.</param>
internal sealed record Installation(string Issuer, string? StoredIssuer)
{
    private const string KeyCheck = "key_check";
    private const string Floor = "tokens_not_before";
    private const string FloorCause = "tokens_not_before_cause";
    private const string IssuerName = "issuer";

    /// <summary>Reads the facts. Of them only the master key is written at the first time: the issuer waits for <see cref="Store"/>.</summary>
    /// <exception cref="StartException">The master key is not the one that this database was made with.</exception>
    public static async Task<Installation> Open(Database database, ServerSettings settings, MasterKeys keys) => await database.Write(async transaction =>
    {
        await transaction.Execute("INSERT INTO installation (name, value) VALUES (@name, @value) ON CONFLICT DO NOTHING", ("name", KeyCheck), ("value", keys.Current.CheckValue));
        if (!keys.Knows((await Find(transaction, KeyCheck))!))
            throw new StartException("The master key is not the one that this database was made with.", "Give the right AVOUCH_SECRET_KEY (or put secret.key back into the data folder); to exchange it, give the old one in AVOUCH_SECRET_KEY_PREVIOUS.");
        var stored = await Find(transaction, IssuerName);
        return new Installation(settings.PublicUrl ?? stored ?? UrlRules.ToPublic(settings.Urls[0]), stored);
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

    /// <summary>From now on this is the issuer, whatever later starts listen on. A change is journaled; the first one is none.</summary>
    public async ValueTask Store(Database database, SecurityJournal journal, DateTimeOffset now)
    {
        if (StoredIssuer == Issuer) return;
        await database.Write(async transaction =>
        {
            await Set(transaction, IssuerName, Issuer);
            if (StoredIssuer is not null) await journal.Add(transaction, new JournalEntry(JournalKind.SettingChanged, now) { Detail = $"issuer: {Issuer}" });
        });
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
    public static async ValueTask<bool> Fits(Database database, MasterKeys keys) => await FindIn(database, KeyCheck) is not { } check || keys.Knows(check);

    /// <summary>Whether the database lies under a master key already. Works before the migrations, too.</summary>
    public static async ValueTask<bool> HasMasterKey(Database database) => await FindIn(database, KeyCheck) is not null;

    /// <summary>The issuer that is written down, if a server has ever listened.</summary>
    public static ValueTask<string?> FindIssuer(Database database) => FindIn(database, IssuerName);

    private static ValueTask<string?> FindIn(Database database, string name) =>
        database.Read<string?>(async statements => await database.HasTable(statements, "installation") ? await Find(statements, name) : null);

    private static ValueTask<string?> Find(Statements statements, string name) =>
        statements.Find("SELECT value FROM installation WHERE name = @name", static row => row.Text(0), ("name", name));

    private static ValueTask<int> Set(Transaction transaction, string name, string value) => transaction.Execute(
        "INSERT INTO installation (name, value) VALUES (@name, @value) ON CONFLICT (name) DO UPDATE SET value = @value", ("name", name), ("value", value));
}

/// <summary>Everybody's access tokens that were issued before a moment are refused.</summary>
/// <param name="IssuedBefore">A whole second.</param>
/// <param name="Cause">The journal row that says why.</param>
internal sealed record TokenFloor(DateTimeOffset IssuedBefore, long Cause);
