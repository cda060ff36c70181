using Avouch.Server.Data;
using Avouch.Server.Journal;

namespace Avouch.Server.Users;

/// <summary>What is to be changed about an account.</summary>
internal sealed record UserEdit(Given<string?> Username, Given<string?> FullName, Given<string?> Locale)
{
    /// <summary>A new address. It is not verified until mail has shown that it is theirs.</summary>
    public string? Email { get; init; }

    public IReadOnlyList<string>? Roles { get; init; }

    public bool? IsActive { get; init; }

    /// <summary>Whether it touches what somebody may do or how they get in.</summary>
    public bool OpensOrShutsDoors => Email is not null || Roles is not null || IsActive is not null;
}

/// <summary>How an edit went, and the account as it is now where it is done.</summary>
/// <param name="Taken">What belongs to somebody else, where that is in the way.</param>
internal readonly record struct EditedUser(UserChange Change, User? User, Taken Taken = Taken.Nothing)
{
    public bool IsDone => Change == UserChange.Done && Taken == Taken.Nothing;
}

/// <summary>Several changes of one account at once: all of them, or none.</summary>
internal sealed class UserEdits(Database database, SecurityJournal journal, UserChanges changes, TimeProvider time)
{
    public ValueTask<EditedUser> Apply(Guid id, UserEdit edit, Guid? actor) => database.Write(async transaction =>
    {
        if (await UserAccounts.Find(transaction, id) is not { } user) return new EditedUser(UserChange.NoSuchUser, null);
        if (await Refuse(transaction, user, edit, time.GetUtcNow()) is { } refused) return refused;
        await SetProfile(transaction, user, edit, actor);
        if (edit.Roles is { } roles && !UserRoles.Order(roles).SequenceEqual(user.Roles)) await changes.SetRoles(transaction, id, roles, actor, keepsAnAdmin: false);
        if (edit.IsActive is { } isActive && isActive != user.IsActive) await changes.SetStatus(transaction, id, isActive, actor);
        return new EditedUser(UserChange.Done, await UserAccounts.Find(transaction, id));
    });

    /// <summary>Everything that can be in the way, before anything is written: a refusal leaves nothing behind.</summary>
    private static async ValueTask<EditedUser?> Refuse(Transaction transaction, User user, UserEdit edit, DateTimeOffset now)
    {
        if (edit.Email is { } email && await UserAccounts.FindHolder(transaction, NameKey.Of(email), user.Id, now) is not null) return new EditedUser(UserChange.Done, null, Taken.Email);
        if (edit.Username is { Value: { } name } && await UserAccounts.FindTakenName(transaction, name, user.Id, now) is not Taken.Nothing and var taken) return new EditedUser(UserChange.Done, null, taken);
        if (edit.Roles is { } roles && await Roles.RoleCatalogue.FindUnknown(transaction, roles) is not null) return new EditedUser(UserChange.NoSuchRole, null);
        var leaves = edit.IsActive == false || (edit.Roles is { } left && !left.Contains(Role.Admin));
        return leaves && await UserChanges.IsLastAdmin(transaction, user.Id) ? new EditedUser(UserChange.LastAdmin, null) : null;
    }

    private async ValueTask SetProfile(Transaction transaction, User user, UserEdit edit, Guid? actor)
    {
        var (name, fullName, locale, email) = (edit.Username.Or(user.Username), edit.FullName.Or(user.FullName), edit.Locale.Or(user.Locale), edit.Email ?? user.Email);
        string[] changed =
        [
            .. name != user.Username ? (string[])["username"] : [], .. fullName != user.FullName ? (string[])["full_name"] : [],
            .. locale != user.Locale ? (string[])["locale"] : [], .. email != user.Email ? (string[])["email"] : [],
        ];
        if (changed.Length == 0) return;
        var now = time.GetUtcNow();
        await transaction.Execute(
            """
            UPDATE users SET username = @name, username_key = @name_key, username_skeleton = @skeleton, full_name = @full_name, full_name_key = @full_name_key, locale = @locale,
                             email = @email, email_key = @email_key, is_verified = @is_verified, updated_at = @now
             WHERE id = @id
            """,
            ("name", name), ("name_key", Key(name)), ("skeleton", name is null ? null : Confusables.SkeletonOf(name)), ("full_name", fullName), ("full_name_key", Key(fullName)), ("locale", locale), ("email", email),
            ("email_key", Key(email)), ("is_verified", user.IsVerified && Key(email) == Key(user.Email)), ("now", now), ("id", user.Id));
        await journal.Add(transaction, new JournalEntry(JournalKind.UserEdited, now) { UserId = user.Id, ActorId = actor, Detail = string.Join(' ', changed) });
    }

    private static string? Key(string? name) => name is null ? null : NameKey.Of(name);
}
