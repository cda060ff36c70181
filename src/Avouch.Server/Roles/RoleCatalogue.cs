using Avouch.Server.Data;
using Avouch.Server.Journal;

namespace Avouch.Server.Roles;

/// <summary>How a change of a role went.</summary>
internal enum RoleChange
{
    Done,
    NoSuchRole,
    NameTaken,

    /// <summary>There are as many as there can be.</summary>
    TooMany,

    /// <summary>It is built in: it cannot be deleted, and what <c>admin</c> may do cannot be changed.</summary>
    BuiltIn,

    /// <summary>Somebody has it.</summary>
    InUse,

    /// <summary>By now it permits more than whoever wanted this may do.</summary>
    Outranked,
}

/// <summary>The outcome, and how many people have the role where that is in the way.</summary>
internal readonly record struct RoleOutcome(RoleChange Change, StoredRole? Role = null, long Holders = 0);

/// <summary>What is to be changed about a role; nothing stays as it is.</summary>
/// <param name="SetsDescription">Whether <paramref name="Description"/> counts, which may be nothing.</param>
internal sealed record RolePatch(IReadOnlyList<string>? Permissions, bool SetsDescription = false, string? Description = null);

/// <summary>Roles: the tables <c>roles</c> and <c>role_permissions</c>, and the snapshot of them that every check reads.</summary>
internal sealed class RoleCatalogue(Database database, SecurityJournal journal, TimeProvider time)
{
    private volatile RoleSnapshot current = RoleSnapshot.Empty;

    /// <summary>As of the last commit; empty until <see cref="Load"/>.</summary>
    public RoleSnapshot Current => current;

    public async Task Load() => current = new RoleSnapshot(await List());

    public ValueTask<List<StoredRole>> List() => database.Read(List);

    /// <summary>All roles as a transaction sees them; <see cref="Current"/> may be one commit behind.</summary>
    public static async ValueTask<RoleSnapshot> Read(Statements statements) => new(await List(statements));

    /// <summary>How many people have each role; what nobody has is not in it. Read off the key of the table.</summary>
    public async ValueTask<Dictionary<string, long>> CountHolders() => (await database.Read(statements => statements.List(
        "SELECT role, COUNT(*) FROM user_roles GROUP BY role", static row => (Role: row.Text(0), Count: row.Long(1))))).ToDictionary(pair => pair.Role, pair => pair.Count);

    /// <summary>How many people have one role.</summary>
    public async ValueTask<long> CountHolders(string role) => await database.Read(statements => statements.Find<long?>(
        "SELECT COUNT(*) FROM user_roles WHERE role = @role", static row => row.Long(0), ("role", role))) ?? 0;

    /// <summary>The first of these names that no role has.</summary>
    public static async ValueTask<string?> FindUnknown(Statements statements, IReadOnlyList<string> names)
    {
        foreach (var name in names)
            if (await statements.Find("SELECT 1 FROM roles WHERE name = @name", static row => row.Int(0), ("name", name)) != 1) return name;
        return null;
    }

    public ValueTask<RoleOutcome> Add(string name, RolePatch role, Users.Actor? actor = null) => database.Write(async transaction =>
    {
        var now = time.GetUtcNow();
        if (actor is not null && !await actor.IsAllowed(transaction)) return new RoleOutcome(RoleChange.Outranked);
        if (await transaction.Find("SELECT COUNT(*) FROM roles", static row => row.Long(0)) >= StoredRole.MaxRoles) return new RoleOutcome(RoleChange.TooMany);
        var added = await transaction.Execute(
            "INSERT INTO roles (name, description, is_built_in, created_at, updated_at) VALUES (@name, @description, FALSE, @now, @now) ON CONFLICT DO NOTHING",
            ("name", name), ("description", role.Description), ("now", now));
        if (added == 0) return new RoleOutcome(RoleChange.NameTaken);
        await SetPermissions(transaction, name, role.Permissions ?? []);
        return await Announce(transaction, JournalKind.RoleAdded, name, actor, now);
    });

    /// <summary>Changes what a role permits, or its description. It counts for the next request of everybody who has it; nobody needs a new token.</summary>
    public ValueTask<RoleOutcome> Update(string name, RolePatch patch, Users.Actor? actor = null) => database.Write(async transaction =>
    {
        var now = time.GetUtcNow();
        if (name == Users.Role.Admin && patch.Permissions is not null) return new RoleOutcome(RoleChange.BuiltIn);
        if (await Touch(transaction, name, now) == 0) return new RoleOutcome(RoleChange.NoSuchRole);
        if (actor is not null && !await actor.IsAllowed(transaction)) return new RoleOutcome(RoleChange.Outranked);
        if (patch.SetsDescription) await transaction.Execute("UPDATE roles SET description = @description WHERE name = @name", ("description", patch.Description), ("name", name));
        if (patch.Permissions is { } permissions) await SetPermissions(transaction, name, permissions);
        return await Announce(transaction, JournalKind.RoleEdited, name, actor, now);
    });

    /// <summary>Deletes a role that nobody has.</summary>
    /// <inheritdoc cref="Update"/>
    public ValueTask<RoleOutcome> Delete(string name, Users.Actor? actor = null) => database.Write(async transaction =>
    {
        var now = time.GetUtcNow();
        if (await Touch(transaction, name, now) == 0) return new RoleOutcome(RoleChange.NoSuchRole);
        if (actor is not null && !await actor.IsAllowed(transaction)) return new RoleOutcome(RoleChange.Outranked);
        if (Users.Role.All.Contains(name)) return new RoleOutcome(RoleChange.BuiltIn);
        var holders = await transaction.Find("SELECT COUNT(*) FROM user_roles WHERE role = @name", static row => row.Long(0), ("name", name));
        if (holders > 0) return new RoleOutcome(RoleChange.InUse, Holders: holders);
        await transaction.Execute("DELETE FROM roles WHERE name = @name", ("name", name));
        return await Announce(transaction, JournalKind.RoleDeleted, name, actor, now);
    });

    /// <summary>Changes the row first, so that of two edits at once the second waits for the first.</summary>
    private static ValueTask<int> Touch(Transaction transaction, string name, DateTimeOffset now) =>
        transaction.Execute("UPDATE roles SET updated_at = @now WHERE name = @name", ("now", now), ("name", name));

    private static async ValueTask SetPermissions(Transaction transaction, string name, IReadOnlyList<string> permissions)
    {
        await transaction.Execute("DELETE FROM role_permissions WHERE role = @role", ("role", name));
        foreach (var permission in permissions.Distinct())
            await transaction.Execute("INSERT INTO role_permissions (role, permission) VALUES (@role, @permission)", ("role", name), ("permission", permission));
    }

    /// <summary>One row of the journal, and the new snapshot for everybody once it is committed.</summary>
    private async ValueTask<RoleOutcome> Announce(Transaction transaction, string kind, string name, Users.Actor? actor, DateTimeOffset now)
    {
        await journal.Add(transaction, new JournalEntry(kind, now) { ActorId = actor?.Id, Detail = name });
        var roles = await List(transaction);
        transaction.AfterCommit(() => current = new RoleSnapshot(roles));
        return new RoleOutcome(RoleChange.Done, roles.Find(role => role.Name == name));
    }

    private static async ValueTask<List<StoredRole>> List(Statements statements)
    {
        var permissions = (await statements.List("SELECT role, permission FROM role_permissions ORDER BY role, permission", static row => (Role: row.Text(0), Permission: row.Text(1))))
            .ToLookup(pair => pair.Role, pair => pair.Permission);
        return await statements.List(
            "SELECT name, description, is_built_in, created_at, updated_at FROM roles ORDER BY name",
            row => new StoredRole(row.Text(0), row.TextOrNull(1), row.Bool(2), [.. permissions[row.Text(0)].Order(StringComparer.Ordinal)], row.TimeOrNull(3), row.TimeOrNull(4)));
    }
}
