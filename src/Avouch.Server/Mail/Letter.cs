using System.Text.Json.Serialization;

namespace Avouch.Server.Mail;

/// <summary>A mail before it has words: which one, to whom, in which language, and what is filled in.</summary>
/// <param name="Template">One of <see cref="MailTemplate"/>.</param>
/// <param name="UserId">Whom it concerns.</param>
/// <param name="To">The address as it is stored, never as somebody typed it into a form.</param>
/// <param name="Locale">A BCP 47 tag, or an <c>Accept-Language</c>; English where we have no better.</param>
/// <param name="Values">
/// What the template names, as plain text: links, times, names. May hold a secret, so letters are stored sealed. Times are written with
/// <see cref="MailTime.Write"/> and shown in the language of the mail; a letter whose <c>expires</c> has passed is not sent any more.
/// </param>
internal sealed record Letter(string Template, Guid? UserId, string To, string? Locale, IReadOnlyDictionary<string, string> Values);

/// <summary>
/// The closed list of mails. The names are those of the template files. Values that all of them may use: <c>name</c> (what to call the person; may be
/// missing), <c>service</c> (filled in by us).
/// </summary>
internal static class MailTemplate
{
    /// <summary>Values: <c>link</c>, <c>expires</c>.</summary>
    public const string VerifyEmail = "verify_email";

    /// <summary>Values: <c>link</c>, <c>expires</c>.</summary>
    public const string ResetPassword = "reset_password";

    /// <summary>After a change or a reset. Values: <c>when</c>, <c>address</c> (of the network; may be missing).</summary>
    public const string PasswordChanged = "password_changed";

    /// <summary>To the new address. Values: <c>link</c>, <c>expires</c>.</summary>
    public const string ConfirmNewEmail = "confirm_new_email";

    /// <summary>To the old address, with the undo. Values: <c>link</c>, <c>expires</c>, <c>new_email</c>.</summary>
    public const string EmailChanged = "email_changed";

    /// <summary>Somebody wants an address, for a new account or as their new one, that has an account already. Values: none.</summary>
    public const string AccountExists = "account_exists";

    /// <summary>Values: <c>until</c>.</summary>
    public const string AccountLocked = "account_locked";

    /// <summary>Values: <c>when</c>.</summary>
    public const string AccountDeleted = "account_deleted";

    /// <summary>What <c>avouch mail send-test</c> sends. Values: none.</summary>
    public const string Test = "test";

    public static readonly IReadOnlyList<string> All = [VerifyEmail, ResetPassword, PasswordChanged, ConfirmNewEmail, EmailChanged, AccountExists, AccountLocked, AccountDeleted, Test];

    /// <summary>What a template may name, beside <c>name</c> and <c>service</c>.</summary>
    public static IReadOnlyList<string> ValuesOf(string template) => template switch
    {
        VerifyEmail or ResetPassword or ConfirmNewEmail => [MailValue.Link, MailValue.Expires],
        PasswordChanged => [MailValue.When, MailValue.Address],
        EmailChanged => [MailValue.Link, MailValue.Expires, MailValue.NewEmail],
        AccountLocked => [MailValue.Until],
        AccountDeleted => [MailValue.When],
        _ => [],
    };
}

/// <summary>The names of <see cref="Letter.Values"/>.</summary>
internal static class MailValue
{
    public const string Link = "link";
    public const string Expires = "expires";
    public const string When = "when";
    public const string Until = "until";
    public const string Address = "address";
    public const string NewEmail = "new_email";
    public const string Name = "name";
    public const string Service = "service";

    /// <summary>Those that hold a time.</summary>
    public static readonly IReadOnlyList<string> Times = [Expires, When, Until];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Letter))]
internal sealed partial class LetterJson : JsonSerializerContext;
