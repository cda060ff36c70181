using System.Collections.Frozen;
using Avouch.Server.Journal;

namespace Avouch.Server.Pages.Admin;

/// <summary>
/// What a kind of row says to an administrator. Gaps: <c>{0}</c> whom it concerns, <c>{1}</c> who did it, <c>{2}</c> what the row says beside.
/// </summary>
/// <param name="Name">In a list of kinds.</param>
/// <param name="Says">Where nobody else did it, or nobody knows who.</param>
/// <param name="ByActor">Where an administrator did it.</param>
/// <param name="OfNobody">Where it concerns nobody who has an account.</param>
internal sealed record JournalPhrase(string Name, string Says, string? ByActor = null, string? OfNobody = null)
{
    public string For(JournalEntry entry) =>
        entry.ActorId is not null && ByActor is not null ? ByActor : entry.UserId is null && OfNobody is not null ? OfNobody : Says;
}

/// <summary>The words for every kind of row. A test says that none is missing.</summary>
internal static class JournalWords
{
    private static readonly FrozenDictionary<string, JournalPhrase> Phrases = new Dictionary<string, JournalPhrase>
    {
        [JournalKind.UserRegistered] = new("New account", "{0} got an account.", "{1} made an account for {0}."),
        [JournalKind.UserRegisteredAgain] = new("Sign-up with a taken address", "Somebody signed up with the address of {0}, and was not told that it is taken."),
        [JournalKind.UserImported] = new("Account imported", "The account of {0} was imported."),
        [JournalKind.UserDisabled] = new("Account disabled", "The account of {0} was disabled.", "{1} disabled the account of {0}."),
        [JournalKind.UserEnabled] = new("Account enabled", "The account of {0} was enabled.", "{1} enabled the account of {0}."),
        [JournalKind.UserLocked] = new("Account locked", "Too many wrong passwords: the account of {0} is locked for a while. Known devices still sign in."),
        [JournalKind.UserUnlocked] = new("Account unlocked", "The account of {0} was unlocked.", "{1} unlocked the account of {0}."),
        [JournalKind.UserDeleted] = new("Account deleted", "The account {0} was deleted.", "{1} deleted the account {0}."),
        [JournalKind.RoleChanged] = new("Roles of somebody changed", "{0} has these roles now: {2}.", "{1} gave {0} these roles: {2}."),
        [JournalKind.PasswordChanged] = new("Password changed", "{0} has a new password.", "{1} changed the password of {0}."),
        [JournalKind.UserEdited] = new("Profile changed", "The profile of {0} was changed: {2}.", "{1} changed the profile of {0}: {2}."),
        [JournalKind.PasswordResetRequested] = new("Password reset asked for", "A mail that resets the password of {0} was asked for.", "{1} had a mail sent that resets the password of {0}.", "A mail that resets a password was asked for, for an address that nobody has."),
        [JournalKind.VerificationRequested] = new("Verification asked for", "{0} asked for a mail that verifies their address."),
        [JournalKind.EmailVerified] = new("Address verified", "{0} verified their e-mail address."),
        [JournalKind.EmailChangeRequested] = new("Change of address asked for", "{0} asked to change their e-mail address."),
        [JournalKind.EmailChanged] = new("Address changed", "{0} has a new e-mail address.", "{1} changed the e-mail address of {0}."),
        [JournalKind.EmailChangeUndone] = new("Change of address undone", "The e-mail address of {0} is the old one again; everybody was signed out there, and the password stopped working."),
        [JournalKind.UsersExported] = new("Accounts exported", "All accounts were exported, {2}.", "{1} exported all accounts, {2}."),
        [JournalKind.RoleAdded] = new("Role added", "The role {2} was added.", "{1} added the role {2}."),
        [JournalKind.RoleEdited] = new("Role changed", "The role {2} was changed.", "{1} changed the role {2}."),
        [JournalKind.RoleDeleted] = new("Role deleted", "The role {2} was deleted.", "{1} deleted the role {2}."),
        [JournalKind.SignedIn] = new("Signed in", "{0} signed in."),
        [JournalKind.SessionEnded] = new("Session ended", "A session of {0} ended: {2}.", "{1} ended a session of {0}: {2}."),
        [JournalKind.SessionsEnded] = new("All sessions ended", "The sessions of everybody were ended: {2}.", "{1} ended the sessions of everybody: {2}."),
        [JournalKind.RepeatedElsewhere] = new("Refresh token from two addresses", "A refresh token of {0} came twice within seconds, from two addresses."),
        [JournalKind.DatabaseWentBack] = new("Database went back", "A refresh token of {0} is newer than the database: the database was put back to an older state."),
        [JournalKind.SignInFailed] = new("Sign-in refused", "A wrong password for {0}.", OfNobody: "A sign-in with a name that nobody has."),
        [JournalKind.SignInsFailed] = new("Sign-ins refused, summed up", "Refused sign-ins without a row of their own: {2}."),
        [JournalKind.KeyCreated] = new("Signing key made", "The signing key {2} was made; it signs later."),
        [JournalKind.KeyRotated] = new("Signing key in use", "The signing key {2} signs from now on.", "{1} rotated the keys: {2} signs from now on."),
        [JournalKind.KeyWithdrawn] = new("Signing key withdrawn", "The signing key {2} was withdrawn.", "{1} withdrew the signing key {2}."),
        [JournalKind.MasterKeyChanged] = new("Master key changed", "Everything is sealed under a new master key."),
        [JournalKind.MailDead] = new("Mail given up", "A mail to {0} was given up: {2}.", OfNobody: "Mail was given up: {2}."),
        [JournalKind.MailRetried] = new("Mail sent once more", "A mail to {0} is sent once more: {2}.", "{1} had a mail to {0} sent once more: {2}."),
        [JournalKind.SettingChanged] = new("Setting changed", "A setting changed: {2}."),
        [JournalKind.BackedUp] = new("Backup made", "A backup was made: {2}."),
        [JournalKind.Restored] = new("Database restored", "The database was restored from a backup."),
    }.ToFrozenDictionary();

    /// <summary>What the details of ended sessions and others mean; all others are shown as they are.</summary>
    private static readonly FrozenDictionary<string, string> Details = new Dictionary<string, string>
    {
        [EndReason.SignedOut] = "they signed out",
        [EndReason.EndedByUser] = "they ended it on another device",
        [EndReason.EndedByAdmin] = "an administrator ended it",
        [EndReason.Replay] = "its refresh token was used by two, so somebody has copied it",
        [EndReason.TooMany] = "they had too many sessions",
        [EndReason.UserDisabled] = "the account was disabled",
        [EndReason.UserDeleted] = "the account was deleted",
        [EndReason.PasswordChanged] = "the password was changed",
        [EndReason.EmailChangeUndone] = "a change of the e-mail address was undone",
        ["with password hashes"] = "with password hashes",
        ["without password hashes"] = "without password hashes",
    }.ToFrozenDictionary();

    /// <summary>Kinds that belong together, as the filter offers them: the family, its name, its kinds.</summary>
    public static readonly IReadOnlyList<(string Family, string Name)> Families =
    [
        ("session", "Sessions"), ("sign_in", "Refused sign-ins"), ("user", "Accounts"), ("refresh", "Refresh tokens"), ("role", "Roles"), ("key", "Keys"), ("mail", "Mail"),
        ("sessions", "Everybody's sessions"), ("users", "Exports"), ("database", "Database"), ("setting", "Settings"),
    ];

    public static JournalPhrase? Find(string kind) => Phrases.GetValueOrDefault(kind);

    /// <summary>What a detail means in plain words, else as it is.</summary>
    public static string Explain(string detail) => Details.GetValueOrDefault(detail, detail);

    /// <summary>Every sentence of the tables above, for the test of the languages.</summary>
    public static IEnumerable<string> All => Phrases.Values
        .SelectMany(phrase => new[] { phrase.Name, phrase.Says, phrase.ByActor, phrase.OfNobody }).OfType<string>().Concat(Details.Values).Concat(Families.Select(family => family.Name));
}
