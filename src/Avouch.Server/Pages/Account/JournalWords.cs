using System.Collections.Frozen;
using Avouch.Server.Journal;

namespace Avouch.Server.Pages.Account;

/// <summary>What a row of the journal says to the person whom it is about. Who the administrator was is nobody's business here.</summary>
internal static class JournalWords
{
    /// <summary>One sentence for what a person did, and where there can be one, another for what an administrator did.</summary>
    private sealed record Words(string Own, string? ByAdministrator = null);

    /// <summary>Every kind that can be about a user.</summary>
    private static readonly FrozenDictionary<string, Words> Kinds = new Dictionary<string, Words>
    {
        [JournalKind.UserRegistered] = new("You made your account.", "An administrator made your account."),
        [JournalKind.UserRegisteredAgain] = new("Somebody tried to make another account with your e-mail address."),
        [JournalKind.UserImported] = new("Your account was brought here from another system."),
        [JournalKind.UserDisabled] = new("Your account was deactivated.", "Your account was deactivated by an administrator."),
        [JournalKind.UserEnabled] = new("Your account was opened again.", "Your account was opened again by an administrator."),
        [JournalKind.UserLocked] = new("Too many wrong passwords: until the lock ends, only devices that you used before can sign in."),
        [JournalKind.UserUnlocked] = new("The lock after wrong passwords was ended.", "The lock after wrong passwords was ended by an administrator."),
        [JournalKind.UserDeleted] = new("Your account was deleted.", "Your account was deleted by an administrator."),
        [JournalKind.RoleChanged] = new("Your roles were changed.", "Your roles were changed by an administrator."),
        [JournalKind.PasswordChanged] = new("Your password was changed.", "Your password was changed by an administrator."),
        [JournalKind.UserEdited] = new("You changed your profile.", "Your profile was changed by an administrator."),
        [JournalKind.PasswordResetRequested] = new("Somebody asked for a link to set a new password.", "An administrator had a link mailed to you to set a new password."),
        [JournalKind.VerificationRequested] = new("You asked for the link that verifies your address."),
        [JournalKind.EmailVerified] = new("Your e-mail address was verified."),
        [JournalKind.EmailChangeRequested] = new("You asked to use another e-mail address."),
        [JournalKind.EmailChanged] = new("Your e-mail address was changed.", "Your e-mail address was changed by an administrator."),
        [JournalKind.EmailChangeUndone] = new("The change of your e-mail address was undone, and your password stopped working."),
        [JournalKind.SignedIn] = new("You signed in."),
        [JournalKind.SessionEnded] = new("A device was signed out.", "A device was signed out by an administrator."),
        [JournalKind.RepeatedElsewhere] = new("A device came from two networks at nearly the same moment. That is usual where a network has just changed."),
        [JournalKind.DatabaseWentBack] = new("A device had to sign in again after a repair of this service."),
        [JournalKind.SignInFailed] = new("A sign-in with a wrong password."),
        [JournalKind.MailDead] = new("A mail to you could not be delivered."),
        [JournalKind.MailRetried] = new("A mail to you was sent once more.", "A mail to you was sent once more by an administrator."),
    }.ToFrozenDictionary();

    /// <summary>Why a session ended.</summary>
    private static readonly FrozenDictionary<string, string> Ends = new Dictionary<string, string>
    {
        [EndReason.SignedOut] = "You signed out.",
        [EndReason.EndedByUser] = "You signed a device out.",
        [EndReason.EndedByAdmin] = "A device was signed out by an administrator.",
        [EndReason.Replay] = "A copied token was used: that device was signed out.",
        [EndReason.TooMany] = "You are signed in on more devices than an account may have: the oldest one was signed out.",
        [EndReason.UserDisabled] = "A device was signed out, because your account was deactivated.",
        [EndReason.UserDeleted] = "A device was signed out, because your account was deleted.",
        [EndReason.PasswordChanged] = "A device was signed out, because your password was changed.",
        [EndReason.EmailChangeUndone] = "A device was signed out, because the change of your e-mail address was undone.",
    }.ToFrozenDictionary();

    private const string Many = "{0} devices were signed out.";

    private const string ManyByAdministrator = "{0} devices were signed out by an administrator.";

    /// <summary>The same of several at once, where that can be.</summary>
    private static readonly FrozenDictionary<string, string> ManyEnds = new Dictionary<string, string>
    {
        [EndReason.EndedByUser] = "You signed {0} devices out.",
        [EndReason.EndedByAdmin] = ManyByAdministrator,
        [EndReason.UserDisabled] = "{0} devices were signed out, because your account was deactivated.",
        [EndReason.PasswordChanged] = "{0} devices were signed out, because your password was changed.",
        [EndReason.EmailChangeUndone] = "{0} devices were signed out, because the change of your e-mail address was undone.",
    }.ToFrozenDictionary();

    /// <summary>How a password came to be another one, where its owner did it.</summary>
    private static readonly FrozenDictionary<string, string> Passwords = new Dictionary<string, string>
    {
        ["changed"] = "You changed your password.",
        ["reset"] = "A new password was set by a mailed link.",
    }.ToFrozenDictionary();

    public static IEnumerable<string> KnownKinds => Kinds.Keys;

    public static IEnumerable<string> KnownEnds => Ends.Keys;

    /// <summary>Every sentence of the tables, for the test of the languages.</summary>
    public static IEnumerable<string> All => Kinds.Values.SelectMany(words => new[] { words.Own, words.ByAdministrator }).OfType<string>().Concat(Ends.Values).Concat(Passwords.Values).Concat(ManyEnds.Values).Append(Many).Distinct();

    /// <param name="count">How many devices the sentence is about, where they were signed out together.</param>
    public static string Of(JournalEntry row, PageLanguage language, int count = 1) =>
        count == 1 ? language[Find(row)] : language.Format(row.ActorId is not null && row.ActorId != row.UserId ? ManyByAdministrator : ManyEnds.GetValueOrDefault(row.Detail ?? "", Many), count);

    private static string Find(JournalEntry row)
    {
        var words = Kinds[row.Kind];
        if (row.ActorId is not null && row.ActorId != row.UserId && words.ByAdministrator is { } sentence) return sentence;
        return row.Kind switch
        {
            JournalKind.SessionEnded => Ends.GetValueOrDefault(row.Detail ?? "", words.Own),
            JournalKind.PasswordChanged => Passwords.GetValueOrDefault(row.Detail ?? "", words.Own),
            _ => words.Own,
        };
    }
}
