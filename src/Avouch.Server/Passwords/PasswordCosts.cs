using Avouch.Server.Data;

namespace Avouch.Server.Passwords;

/// <summary>
/// The table <c>password_costs</c>: the most work of each kind that any stored hash needs. Raised in the transaction that stores such a hash, so
/// that a refusal never costs less than what is there.
/// </summary>
internal sealed class PasswordCosts(Database database, PasswordHasher passwords)
{
    private readonly PresentWork stored = new(default, equalisesRefusals: true); // what the table is known to hold

    /// <summary>Learns what is there. What came with imported users goes when the last of them has signed in and been rehashed.</summary>
    public async Task Load()
    {
        var present = await database.Write(async transaction =>
        {
            await DeleteOutlived(transaction, passwords.CurrentWork, passwords.CurrentForm);
            await Raise(transaction, passwords.CurrentWork);
            return await transaction.List("SELECT kind, work FROM password_costs", static row => (Kind: KindOf(row.Text(0)), Work: row.Long(1)));
        });
        foreach (var (kind, work) in present)
            if (kind is { } known)
                Learn(new HashWork(known, work));
    }

    /// <summary>Notes what a hash costs that the caller is about to store. A text that is no hash costs nothing, since nobody verifies it.</summary>
    public async ValueTask Raise(Transaction transaction, string passwordHash)
    {
        if (!ForeignHash.TryParse(passwordHash, out var hash)) return;
        if (stored.Highest.GetValueOrDefault(hash.Work.Kind) >= hash.Work.Amount) return;
        await Raise(transaction, hash.Work);
        transaction.AfterCommit(() => Learn(hash.Work));
    }

    private static async ValueTask Raise(Transaction transaction, HashWork work) => await transaction.Execute(
        """
        INSERT INTO password_costs (kind, work) VALUES (@kind, @work)
        ON CONFLICT (kind) DO UPDATE SET work = excluded.work WHERE password_costs.work < excluded.work
        """,
        ("kind", NameOf(work.Kind)), ("work", work.Amount));

    // Reads all users only while there is something to delete, and stops at the first one whose hash is not yet of today's form.
    private static async ValueTask DeleteOutlived(Transaction transaction, HashWork current, string currentForm) => await transaction.Execute(
        """
        DELETE FROM password_costs
         WHERE (kind <> @kind OR work > @work)
           AND NOT EXISTS (SELECT 1 FROM users WHERE password_hash NOT LIKE @form AND password_hash <> @nobodys)
        """,
        ("kind", NameOf(current.Kind)), ("work", current.Amount), ("form", currentForm + "%"), ("nobodys", StoredHash.OfNobody));

    private void Learn(HashWork work)
    {
        stored.Raise(work);
        passwords.Present.Raise(work);
    }

    // These words stand in people's databases.
    private static string NameOf(WorkKind kind) => kind switch
    {
        WorkKind.Argon2 => "argon2",
        WorkKind.Bcrypt => "bcrypt",
        WorkKind.Scrypt => "scrypt",
        WorkKind.Pbkdf2Sha1 => "pbkdf2-sha1",
        WorkKind.Pbkdf2Sha256 => "pbkdf2-sha256",
        WorkKind.Pbkdf2Sha512 => "pbkdf2-sha512",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind has no name."),
    };

    private static WorkKind? KindOf(string name) => Enum.GetValues<WorkKind>().Cast<WorkKind?>().FirstOrDefault(kind => NameOf(kind!.Value) == name);
}
