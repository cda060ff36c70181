using Avouch.Server.Keys;
using Avouch.Server.Mail;

namespace Avouch.Server.Users;

/// <summary>The letters about an account's password and address. A link's base is the issuer, never what a request calls this server.</summary>
internal sealed class AccountLetters(Installation installation, TimeProvider time)
{
    /// <summary>Without a name: it may be any text, and nobody has shown that the address is theirs.</summary>
    public Letter VerifyEmail(User user, IssuedProof proof, Caller caller) => WriteToStranger(
        MailTemplate.VerifyEmail, user, user.Email, caller, ("link", Link("verify-email", proof)), Expires(proof));

    public Letter ResetPassword(User user, IssuedProof proof, Caller caller) => Write(
        MailTemplate.ResetPassword, user, user.Email, caller, ("link", Link("reset-password", proof)), Expires(proof));

    /// <param name="to">Where they read mail; not the address that the account has now, where that is another one.</param>
    public Letter PasswordChanged(User user, string to, Caller caller) => Write(
        MailTemplate.PasswordChanged, user, to, caller, ("when", MailTime.Write(time.GetUtcNow())), ("address", caller.Address ?? ""));

    /// <summary>The one letter that goes to an address from a form: only whoever reads it can make it theirs. It carries no name, which may be any text.</summary>
    public Letter ConfirmNewEmail(User user, string newEmail, IssuedProof proof, Caller caller) => WriteToStranger(
        MailTemplate.ConfirmNewEmail, user, newEmail, caller, ("link", Link("change-email", proof)), Expires(proof));

    public Letter EmailChanged(User user, string oldEmail, IssuedProof undo, Caller caller) => Write(
        MailTemplate.EmailChanged, user, oldEmail, caller, ("link", Link("undo-email-change", undo)), Expires(undo), ("new_email", user.Email));

    /// <summary>To the one whose address somebody else wants.</summary>
    public static Letter AccountExists(User owner, Caller caller) => Write(MailTemplate.AccountExists, owner, owner.Email, caller);

    /// <summary>Nobody of theirs has asked for it, so it is written in their own language or in English.</summary>
    public static Letter AccountLocked(User owner, DateTimeOffset? until) =>
        Write(MailTemplate.AccountLocked, owner, owner.Email, default, ("until", until is { } end ? MailTime.Write(end) : ""));

    private static Letter Write(string template, User user, string to, Caller caller, params (string Name, string Value)[] values) =>
        WriteToStranger(template, user, to, caller, [("name", user.FullName ?? user.Username ?? user.Email), .. values]);

    private static Letter WriteToStranger(string template, User user, string to, Caller caller, params (string Name, string Value)[] values) =>
        new(template, user.Id, to, user.Locale ?? caller.Languages, values.ToDictionary(value => value.Name, value => value.Value));

    private string Link(string page, IssuedProof proof) => $"{installation.Issuer}/{page}?token={proof.Token.Text}";

    private static (string, string) Expires(IssuedProof proof) => ("expires", MailTime.Write(proof.ExpiresAt));
}
