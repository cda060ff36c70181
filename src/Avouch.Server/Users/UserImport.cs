using System.Security.Cryptography;
using System.Text;
using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Passwords;
using Avouch.Server.Roles;

namespace Avouch.Server.Users;

/// <summary>How many lines of a file came to what.</summary>
internal sealed record ImportSummary(long Added, long AlreadyThere, long Refused)
{
    public ImportSummary With(bool isThere, bool isRefused) => (isThere, isRefused) switch
    {
        (_, true) => this with { Refused = Refused + 1 },
        (true, _) => this with { AlreadyThere = AlreadyThere + 1 },
        _ => this with { Added = Added + 1 },
    };
}

/// <summary>
/// Adds accounts from another system, a small batch for each write, so that sign-ins find their place between. It never changes an account that is
/// there: so the same file can be run again after an interruption, and goes on where it ended.
/// </summary>
internal sealed class UserImport(Database database, SecurityJournal journal, PasswordCosts costs, RoleCatalogue roles, TimeProvider time)
{
    private const int BatchSize = 100;

    private readonly Database database = database;
    private readonly TimeProvider time = time;

    /// <summary>A line of the batch: an account, or what is wrong with it already.</summary>
    private readonly record struct Candidate(long Line, UserRecord? User, string? Fault);

    /// <summary>Carries out a whole file.</summary>
    /// <param name="isDry">Finds out everything and writes nothing.</param>
    /// <param name="refuse">Hears of each line that is not taken, with its number and the reason.</param>
    public async Task<ImportSummary> Import(IAsyncEnumerable<UserLine> lines, bool isDry, Func<long, string, Task> refuse, CancellationToken stop)
    {
        var run = new Run(this, [.. (await roles.List()).Select(role => role.Name)], isDry, refuse);
        try
        {
            await foreach (var line in lines.WithCancellation(stop))
            {
                await run.Take(line);
                stop.ThrowIfCancellationRequested();
            }
        }
        catch (UserFileException)
        {
            await run.StoreRest();   // the message says that what stands before the fault is done
            throw;
        }
        await run.StoreRest();
        return run.Summary;
    }

    /// <summary>One file on its way: the batch that is growing, and what became of the lines before.</summary>
    private sealed class Run(UserImport import, IReadOnlyList<string> roles, bool isDry, Func<long, string, Task> refuse)
    {
        private readonly SeenNames seen = new();
        private readonly List<Candidate> batch = new(BatchSize);

        public ImportSummary Summary { get; private set; } = new(0, 0, 0);

        public async Task Take(UserLine line)
        {
            var (user, fault) = line.Fault is null ? UserRecordRules.Read(line.Fields, roles, import.time.GetUtcNow()) : (null, line.Fault);
            batch.Add(new Candidate(line.Number, user, fault ?? seen.Find(user!, line.Number)));
            if (batch.Count == BatchSize) await StoreRest();
        }

        public async Task StoreRest()
        {
            var users = batch.Where(candidate => candidate.Fault is null).Select(candidate => candidate.User!).ToList();
            var outcomes = isDry || users.Count == 0
                ? await import.database.Read(statements => import.FindAll(statements, users))
                : await import.database.Write(transaction => import.AddAll(transaction, users));
            using var next = outcomes.GetEnumerator();
            foreach (var candidate in batch)
            {
                var outcome = candidate.Fault is null && next.MoveNext() ? next.Current : new Outcome(false, candidate.Fault);
                if (outcome.Fault is { } fault) await refuse(candidate.Line, fault);
                Summary = Summary.With(outcome.IsThere, outcome.Fault is not null);
            }
            batch.Clear();
        }
    }

    private async ValueTask<List<Outcome>> FindAll(Statements statements, List<UserRecord> users)
    {
        var outcomes = new List<Outcome>(users.Count);
        foreach (var user in users) outcomes.Add(await Find(statements, user, time.GetUtcNow()) ?? default);
        return outcomes;
    }

    private async ValueTask<List<Outcome>> AddAll(Transaction transaction, List<UserRecord> users)
    {
        var outcomes = new List<Outcome>(users.Count);
        foreach (var user in users) outcomes.Add(await Add(transaction, user) ? default : (await Find(transaction, user, time.GetUtcNow()))!.Value);
        return outcomes;
    }

    private async ValueTask<bool> Add(Transaction transaction, UserRecord user)
    {
        var now = time.GetUtcNow();
        var hash = user.PasswordHash ?? StoredHash.OfNobody;
        var id = Guid.CreateVersion7(now);
        var added = await transaction.Execute(
            """
            INSERT INTO users (id, username, username_key, username_skeleton, email, email_key, full_name, full_name_key, role, roles, password_hash, is_active, is_verified, epoch, created_at, updated_at)
            SELECT @id, @username, @username_key, @skeleton, @email, @email_key, @full_name, @full_name_key, @role, @roles, @password_hash, @is_active, @is_verified, 1, @created_at, @now
             WHERE NOT EXISTS (SELECT 1 FROM account_proofs WHERE purpose = 'undo_email_change' AND account_proofs.email_key = @email_key AND expires_at > @now)
               AND NOT EXISTS (SELECT 1 FROM users AS others WHERE others.username_skeleton = @skeleton)
               AND NOT EXISTS (SELECT 1 FROM held_names WHERE held_names.username_skeleton = @skeleton AND until > @now)
            ON CONFLICT DO NOTHING
            """,
            ("id", id), ("username", user.Username), ("username_key", Key(user.Username)), ("skeleton", user.Username is { } look ? Confusables.SkeletonOf(look) : null), ("email", user.Email), ("email_key", NameKey.Of(user.Email)),
            ("full_name", user.FullName), ("full_name_key", Key(user.FullName)), ("role", user.Roles[0]), ("roles", UserRoles.Join(user.Roles)), ("password_hash", hash), ("is_active", user.IsActive), ("is_verified", user.IsVerified),
            ("created_at", user.CreatedAt ?? now), ("now", now));
        if (added == 0) return false;
        await UserRoles.AddRows(transaction, id, user.Roles);
        await costs.Raise(transaction, hash);
        await journal.Add(transaction, new JournalEntry(JournalKind.UserImported, now) { UserId = id, Detail = UserRoles.Join(user.Roles) });
        return true;
    }

    /// <summary>
    /// What stands in the way of a new account; nothing where nothing does. An account of the same names counts as imported when it shows it: by
    /// the moment of its making, its hash, or its row in the journal. Anybody else's may be somebody's who signed up with a foreign address.
    /// </summary>
    private static async ValueTask<Outcome?> Find(Statements statements, UserRecord user, DateTimeOffset now)
    {
        var existing = await statements.Find(
            """
            SELECT username_key, password_hash, created_at, EXISTS (SELECT 1 FROM journal WHERE journal.user_id = users.id AND kind = @imported)
              FROM users WHERE email_key = @key
            """,
            static row => new Existing(row.TextOrNull(0), row.Text(1), row.Time(2), row.Bool(3)),
            ("key", NameKey.Of(user.Email)), ("imported", JournalKind.UserImported));
        if (existing is not null) return existing.Compare(user);
        return await FindInTheWay(statements, user, now) is { } fault ? new Outcome(false, fault) : null;
    }

    /// <summary>What a sign-up would stumble over as well: names and addresses that are not this account's, and those that look so.</summary>
    private static async ValueTask<string?> FindInTheWay(Statements statements, UserRecord user, DateTimeOffset now)
    {
        if (await UserAccounts.FindHolder(statements, NameKey.Of(user.Email), Guid.Empty, now) is not null) return "Its e-mail address was another account's a few days ago, and can still go back to it.";
        if (user.Username is not { } name) return null;
        return await UserAccounts.FindTakenName(statements, name, Guid.Empty, now) switch
        {
            Taken.Username => "Its user name belongs to an account with another e-mail address.",
            Taken.LookAlike => "Its user name looks like that of another account.",
            _ => null,
        };
    }

    private static string? Key(string? name) => name is null ? null : NameKey.Of(name);

    private readonly record struct Outcome(bool IsThere, string? Fault);

    private sealed record Existing(string? UsernameKey, string PasswordHash, DateTimeOffset CreatedAt, bool WasImported)
    {
        public Outcome Compare(UserRecord user)
        {
            if (UsernameKey != Key(user.Username)) return new Outcome(false, "Its e-mail address belongs to an account with another user name.");
            var isSame = WasImported || PasswordHash == user.PasswordHash || CreatedAt.ToUnixTimeMilliseconds() == user.CreatedAt?.ToUnixTimeMilliseconds();
            return isSame ? new Outcome(true, null) : new Outcome(false, "An account with this e-mail address exists already, and was not imported. Nothing of it is changed.");
        }
    }

    /// <summary>Which names the file has had so far, and where: 16 bytes of a digest for each, so that a million users fit.</summary>
    private sealed class SeenNames
    {
        private readonly Dictionary<UInt128, long> lines = [];

        /// <summary>What is said of a line whose names came before; nothing where they are new.</summary>
        public string? Find(UserRecord user, long line)
        {
            if (!lines.TryAdd(Digest("e" + NameKey.Of(user.Email)), line)) return $"It has the e-mail address of line {lines[Digest("e" + NameKey.Of(user.Email))]}.";
            if (user.Username is null) return null;
            if (!lines.TryAdd(Digest("u" + NameKey.Of(user.Username)), line)) return $"It has the user name of line {lines[Digest("u" + NameKey.Of(user.Username))]}.";
            var look = Digest("l" + Confusables.SkeletonOf(user.Username));
            return lines.TryAdd(look, line) ? null : $"Its user name looks like that of line {lines[look]}.";
        }

        private static UInt128 Digest(string key) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }
}
