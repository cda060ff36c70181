using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Mail;

namespace Avouch.Server.Users;

/// <summary>
/// Sign-ups with an address that is taken, where existing accounts are hidden: the table <c>held_names</c>. The user name stays taken for a time, as
/// if the sign-up had gone well: else a second try with the same name would tell what the first one did not. Also fills in what names of older accounts look like.
/// </summary>
internal sealed class HeldNames(Database database, SecurityJournal journal, Outbox outbox, TimeProvider time)
{
    /// <summary>How long a name is held. Whoever waits longer than that can tell.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromDays(30);

    private const int BatchSize = 500;

    /// <summary>What is done in the place of adding an account. The same kinds of rows are written, and the owner of the address gets the mail.</summary>
    public ValueTask Hold(NewUser account, bool tellsOwner, Caller caller) => database.Write(async transaction =>
    {
        var now = time.GetUtcNow();
        var owner = await UserAccounts.FindHolder(transaction, NameKey.Of(account.Email), other: Guid.Empty, now);
        await journal.Add(transaction, new JournalEntry(JournalKind.UserRegisteredAgain, now) { UserId = owner?.Id, Address = caller.Address });
        if (account.Username is { } name) await Hold(transaction, name, now);
        if (owner is not null && tellsOwner) await outbox.Add(transaction, AccountLetters.AccountExists(owner, caller));
    });

    public async Task Purge() => await database.Write(transaction => transaction.Execute("DELETE FROM held_names WHERE until <= @now", ("now", time.GetUtcNow())));

    /// <summary>Names that came in without: from before there were skeletons, or from an import.</summary>
    public async Task FillIn(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var bare = await database.Read(statements => statements.List(
                "SELECT id, username FROM users WHERE username IS NOT NULL AND username_skeleton IS NULL LIMIT @batch", static row => (Id: row.Id(0), Name: row.Text(1)), ("batch", BatchSize)));
            if (bare.Count == 0) return;
            await database.Write(async transaction =>
            {
                foreach (var (id, name) in bare)
                    await transaction.Execute("UPDATE users SET username_skeleton = @skeleton WHERE id = @id", ("skeleton", Confusables.SkeletonOf(name)), ("id", id));
            });
        }
    }

    private static ValueTask<int> Hold(Transaction transaction, string name, DateTimeOffset now) => transaction.Execute(
        """
        INSERT INTO held_names (username_key, username_skeleton, until) VALUES (@key, @skeleton, @until)
        ON CONFLICT (username_key) DO UPDATE SET until = @until
        """,
        ("key", NameKey.Of(name)), ("skeleton", Confusables.SkeletonOf(name)), ("until", now + Time));
}
