using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Passwords;
using Avouch.Server.Roles;

namespace Avouch.Server.Users;

/// <summary>Accounts: the table <c>users</c> and everything that may be done to it.</summary>
internal sealed class UserAccounts(Database database, SecurityJournal journal, PasswordCosts costs, TimeProvider time)
{
    /// <summary>Adds an account. Two at once with the same name or address: the unique index lets one in, the other is told what is taken.</summary>
    /// <param name="actor">The administrator who adds it; nobody where people sign up themselves.</param>
    /// <param name="also">What belongs to it, in the same transaction: it gets the account and the journal row.</param>
    public ValueTask<AddedUser> Add(NewUser account, string? address, Actor? actor = null, Func<Transaction, User, long, ValueTask>? also = null) =>
        database.Write(transaction => Add(transaction, account, address, actor, also));

    /// <summary>The same as a part of a larger change. Where something stands in its way, nothing was written.</summary>
    public async ValueTask<AddedUser> Add(Transaction transaction, NewUser account, string? address, Actor? actor = null, Func<Transaction, User, long, ValueTask>? also = null)
    {
        var now = time.GetUtcNow();
        if (actor is not null && !await actor.IsAllowed(transaction)) return new AddedUser(null, Taken.Outranked);
        if (await RoleCatalogue.FindUnknown(transaction, account.Roles) is not null) return new AddedUser(null, Taken.NoSuchRole);
        var user = await transaction.Find(
            $"""
            INSERT INTO users (id, username, username_key, email, email_key, full_name, full_name_key, locale, role, roles, password_hash, is_active, is_verified, username_skeleton, awaits_proof, epoch, created_at, updated_at)
            SELECT @id, @username, @username_key, @email, @email_key, @full_name, @full_name_key, @locale, @role, @roles, @password_hash, TRUE, @is_verified, @skeleton, @awaits_proof, 1, @now, @now
             WHERE NOT EXISTS (SELECT 1 FROM account_proofs WHERE purpose = 'undo_email_change' AND account_proofs.email_key = @email_key AND expires_at > @now)
               AND NOT EXISTS (SELECT 1 FROM users AS others WHERE others.username_skeleton = @skeleton)
               AND NOT EXISTS (SELECT 1 FROM held_names WHERE held_names.username_skeleton = @skeleton AND until > @now)
            ON CONFLICT DO NOTHING
            RETURNING {User.Columns}
            """,
            User.Read,
            ("id", Guid.CreateVersion7(now)), ("username", account.Username), ("username_key", account.Username is { } name ? NameKey.Of(name) : null),
            ("email", account.Email), ("email_key", NameKey.Of(account.Email)), ("full_name", account.FullName), ("full_name_key", account.FullName is { } full ? NameKey.Of(full) : null),
            ("locale", account.Locale), ("role", account.Roles[0]), ("roles", UserRoles.Join(account.Roles)),
            ("password_hash", account.PasswordHash), ("is_verified", account.IsVerified),
            ("skeleton", account.Username is { } look ? Confusables.SkeletonOf(look) : null), ("awaits_proof", account.AwaitsProof), ("now", now));
        if (user is null) return new AddedUser(null, await FindTaken(transaction, account));
        await UserRoles.AddRows(transaction, user.Id, account.Roles);
        await costs.Raise(transaction, account.PasswordHash);
        var cause = await journal.Add(transaction, new JournalEntry(JournalKind.UserRegistered, now) { UserId = user.Id, ActorId = actor?.Id, Address = address, Detail = UserRoles.Join(account.Roles) });
        if (also is not null) await also(transaction, user, cause);
        return new AddedUser(user, Taken.Nothing);
    }

    /// <summary>What stands in the way of a new account, before anybody hashes a password for it.</summary>
    public ValueTask<Taken> FindTaken(NewUser account) => database.Read(statements => FindTaken(statements, account));

    public ValueTask<User?> Find(Guid id) => database.Read(statements => Find(statements, id));

    /// <summary>Those of these accounts that there are, in the order in which they are asked for.</summary>
    public ValueTask<List<User>> FindAll(IReadOnlyList<Guid> ids) => database.Read(async statements =>
    {
        var found = new List<User>(ids.Count);
        foreach (var id in ids)
            if (await Find(statements, id) is { } user) found.Add(user);
        return found;
    });

    /// <inheritdoc cref="Find(Guid)"/>
    public static ValueTask<User?> Find(Statements statements, Guid id) =>
        statements.Find($"SELECT {User.Columns} FROM users WHERE id = @id", User.Read, ("id", id));

    /// <summary>The account of somebody who is signed in, with its hash.</summary>
    public ValueTask<Credentials?> FindCredentials(Guid id) => database.Read(statements =>
        statements.Find($"SELECT {Credentials.Columns} FROM users WHERE id = @id", Credentials.Read, ("id", id)));

    /// <summary>Who has an address, or can still get it back, other than somebody.</summary>
    public static ValueTask<User?> FindHolder(Statements statements, string emailKey, Guid other, DateTimeOffset now) => statements.Find(
        $"""
        SELECT {User.Columns} FROM users
         WHERE id <> @other
           AND (email_key = @key
                OR id IN (SELECT user_id FROM account_proofs WHERE purpose = 'undo_email_change' AND account_proofs.email_key = @key AND expires_at > @now))
         LIMIT 1
        """,
        User.Read, ("other", other), ("key", emailKey), ("now", now));

    /// <summary>Whom somebody means who signs in: an address where there is an <c>@</c> (user names hold none), else a user name.</summary>
    public ValueTask<Credentials?> FindCredentials(string name)
    {
        var key = NameKey.Of(name);   // what tells an address is in the key: a full-width @ is one too
        return database.Read(statements => key.Contains('@', StringComparison.Ordinal)
            ? statements.Find($"SELECT {Credentials.Columns} FROM users WHERE email_key = @key", Credentials.Read, ("key", key))
            : statements.Find($"SELECT {Credentials.Columns} FROM users WHERE username_key = @key", Credentials.Read, ("key", key)));
    }

    /// <summary>Whom an operator means: an id, an e-mail address or a user name.</summary>
    public async ValueTask<User?> FindNamed(string name) =>
        Guid.TryParse(name, out var id) && await Find(id) is { } user ? user : (await FindCredentials(name))?.User;

    /// <summary>What people of a list are called. Who has been deleted is not among them.</summary>
    public async ValueTask<Dictionary<Guid, string>> FindNames(IReadOnlyCollection<Guid> ids)
    {
        if (ids.Count == 0) return [];
        (string Name, SqlValue Id)[] parameters = [.. ids.Select((id, i) => ($"id{i}", (SqlValue)id))];
        var people = await database.Read(statements => statements.List(
            $"SELECT id, COALESCE(username, email) FROM users WHERE id IN ({string.Join(", ", parameters.Select(parameter => "@" + parameter.Name))})",
            static row => (Id: row.Id(0), Name: row.Text(1)), parameters));
        return people.ToDictionary(person => person.Id, person => person.Name);
    }

    /// <summary>Whether anybody can administer this installation.</summary>
    public ValueTask<bool> HasAdmin() => HasAdmin(database);

    /// <inheritdoc cref="HasAdmin()"/>
    public static ValueTask<bool> HasAdmin(Database database) => database.Read(HasAdmin);

    /// <inheritdoc cref="HasAdmin()"/>
    public static async ValueTask<bool> HasAdmin(Statements statements) => await statements.Find(
        "SELECT 1 FROM user_roles JOIN users ON users.id = user_roles.user_id WHERE user_roles.role = @role AND users.is_active LIMIT 1", static row => row.Int(0), ("role", Role.Admin)) == 1;

    /// <summary>How many accounts still have a hash of another system, which becomes one of ours when they sign in.</summary>
    public static async ValueTask<long> CountForeignHashes(Database database) => await database.Read(statements => statements.Find<long?>(
        "SELECT COUNT(*) FROM users WHERE password_hash NOT LIKE '$argon2id$%' AND password_hash <> @nobodys", static row => row.Long(0), ("nobodys", StoredHash.OfNobody))) ?? 0;

    /// <summary>Accounts in the order of their making, a page at a time.</summary>
    public ValueTask<List<User>> List(Guid after, int limit) => database.Read(statements => statements.List(
        $"SELECT {User.Columns} FROM users WHERE id > @after ORDER BY id LIMIT @limit", User.Read, ("after", after), ("limit", limit)));

    /// <summary>Where existing accounts are hidden, the name is looked at first: it is public, and says nothing about the address.</summary>
    private async ValueTask<Taken> FindTaken(Statements statements, NewUser account)
    {
        var now = time.GetUtcNow();
        var name = account.Username is null ? Taken.Nothing : await FindTakenName(statements, account.Username, but: Guid.Empty, now);
        if (account.AwaitsProof && name != Taken.Nothing) return name;
        return await FindHolder(statements, NameKey.Of(account.Email), other: Guid.Empty, now) is not null ? Taken.Email : name;
    }

    /// <summary>Who else has a name, or one that looks like it.</summary>
    public static async ValueTask<Taken> FindTakenName(Statements statements, string name, Guid but, DateTimeOffset now) => await statements.Find(
        """
        SELECT CASE WHEN EXISTS (SELECT 1 FROM users WHERE username_key = @key AND id <> @but) THEN 2
                    WHEN EXISTS (SELECT 1 FROM held_names WHERE username_key = @key AND until > @now) THEN 2
                    WHEN EXISTS (SELECT 1 FROM users WHERE username_skeleton = @skeleton AND id <> @but) THEN 1
                    WHEN EXISTS (SELECT 1 FROM held_names WHERE username_skeleton = @skeleton AND until > @now) THEN 1
                    ELSE 0 END
        """,
        static row => row.Int(0), ("key", NameKey.Of(name)), ("skeleton", Confusables.SkeletonOf(name)), ("but", but), ("now", now)) switch
    {
        2 => Taken.Username,
        1 => Taken.LookAlike,
        _ => Taken.Nothing,
    };
}

/// <summary>What an account is made of.</summary>
internal sealed record NewUser(string? Username, string Email, string? FullName, string Role, string PasswordHash, bool IsVerified = false)
{
    /// <summary>All of them, <see cref="Role"/> among them.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [Role];

    /// <summary>Signs in only when the address is verified; until then it answers as if it were not there.</summary>
    public bool AwaitsProof { get; init; }

    public string? Locale { get; init; }
}

/// <summary>The account that was added, or what stood in its way.</summary>
internal readonly record struct AddedUser(User? User, Taken Taken);

internal enum Taken
{
    Nothing,
    Email,
    Username,

    /// <summary>Another name looks the same.</summary>
    LookAlike,

    /// <summary>One of its roles does not exist.</summary>
    NoSuchRole,

    /// <summary>Whoever wanted to add it may not do so any more.</summary>
    Outranked,
}

/// <summary>An account with its password hash: only a sign-in needs both.</summary>
/// <param name="ChangedBy">The journal row of the last change that took tokens back, such as the disabling of the account.</param>
/// <param name="AwaitsProof">Nobody signs in before the address is verified (AVOUCH_HIDE_EXISTING_ACCOUNTS).</param>
/// <param name="PasswordEpoch">Rises with every new password.</param>
internal sealed record Credentials(User User, string PasswordHash, long? ChangedBy, long PasswordEpoch, bool AwaitsProof)
{
    public const string Columns = $"{User.Columns}, password_hash, epoch_cause, password_epoch, awaits_proof AND NOT is_verified";

    public static Credentials Read(Row row) =>
        new(User.Read(row), row.Text(User.ColumnCount), row.LongOrNull(User.ColumnCount + 1), row.Long(User.ColumnCount + 2), row.Bool(User.ColumnCount + 3));
}
