using System.Collections.Frozen;
using Avouch.Server.Mail;

namespace Avouch.Server.Pages.Admin;

/// <summary>What our mails are called for people.</summary>
internal static class MailNames
{
    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>
    {
        [MailTemplate.VerifyEmail] = "Verify an address",
        [MailTemplate.ResetPassword] = "Reset a password",
        [MailTemplate.PasswordChanged] = "Password was changed",
        [MailTemplate.ConfirmNewEmail] = "Confirm a new address",
        [MailTemplate.EmailChanged] = "Address was changed",
        [MailTemplate.AccountExists] = "Account exists already",
        [MailTemplate.AccountLocked] = "Account is locked",
        [MailTemplate.AccountDeleted] = "Account was deleted",
        [MailTemplate.Test] = "Test",
    }.ToFrozenDictionary();

    public static string NameOf(string template) => Names.GetValueOrDefault(template, template);

    public static bool Knows(string template) => Names.ContainsKey(template);

    /// <summary>Every name of the table above, for the test of the languages.</summary>
    public static IEnumerable<string> All => Names.Values;
}
