using Avouch.Server.Data;
using Avouch.Server.Journal;

namespace Avouch.Server.Users;

/// <summary>What is to be changed about an account.</summary>
internal sealed record UserEdit(Given<string?> Username, Given<string?> FullName, Given<string?> Locale)
{
    /// <summary>A new address. It is not verified until mail has shown that it is theirs; the old one is told.</summary>
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
internal sealed class UserEdits(Database database, SecurityJournal journal, UserChanges changes, EmailReplacement emails, TimeProvider time)
{
    public ValueTask<EditedUser> Apply(Guid id, UserEdit edit, Actor? actor) => database.Write(async transaction =>
    {
        if (actor is not null && await actor.Check(transaction, id) is not UserChange.Done and var unreached) return new EditedUser(unreached, null);
        actor = actor?.Admitted;
        if (await UserAccounts.Find(transaction, id) is not { } user) return new EditedUser(UserChange.NoSuchUser, null);
        if (await Refuse(transaction, user, edit, time.GetUtcNow()) is { } refused) return refused;
        await SetProfile(transaction, user, edit, actor);
        if (edit.Email is { } email && Key(email) != Key(user.Email)) await SetEmail(transaction, id, email, edit, actor);
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

    /// <summary>The address only where it is the same one in other letters.</summary>
    private async ValueTask SetProfile(Transaction transaction, User user, UserEdit edit, Actor? actor)
    {
        var (name, fullName, locale) = (edit.Username.Or(user.Username), edit.FullName.Or(user.FullName), edit.Locale.Or(user.Locale));
        var email = edit.Email is { } given && Key(given) == Key(user.Email) ? given : user.Email;
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
                             email = @email, updated_at = @now
             WHERE id = @id
            """,
            ("name", name), ("name_key", Key(name)), ("skeleton", name is null ? null : Confusables.SkeletonOf(name)), ("full_name", fullName), ("full_name_key", Key(fullName)), ("locale", locale), ("email", email),
            ("now", now), ("id", user.Id));
        await journal.Add(transaction, new JournalEntry(JournalKind.UserEdited, now) { UserId = user.Id, ActorId = actor?.Id, Detail = string.Join(' ', changed) });
    }

    /// <summary>To somebody who is shut out goes no secret: it would be dead.</summary>
    private async ValueTask SetEmail(Transaction transaction, Guid id, string email, UserEdit edit, Actor? actor)
    {
        var user = (await UserAccounts.Find(transaction, id))!;
        await emails.Set(transaction, user with { IsActive = edit.IsActive ?? user.IsActive }, email, actor);
    }

    private static string? Key(string? name) => name is null ? null : NameKey.Of(name);
}
