using Avouch.Server.Passwords;
using Microsoft.Net.Http.Headers;

namespace Avouch.Server.Pages;

/// <summary>The words of our pages in one language.</summary>
internal sealed record PageTexts
{
    public required string Language { get; init; }
    public required LinkTexts Reset { get; init; }
    public required LinkTexts Verify { get; init; }
    public required LinkTexts Change { get; init; }
    public required LinkTexts Undo { get; init; }
    public required string NewPassword { get; init; }
    public required string EmailTaken { get; init; }
    public required string Disabled { get; init; }
    public required string Busy { get; init; }
    public required string TooMany { get; init; }

    /// <summary>The link is cut short, used, replaced or too old: one text for all.</summary>
    public required string InvalidLink { get; init; }
    public required string UnreadableForm { get; init; }

    /// <summary>What stands against a password; the API's own sentences in English.</summary>
    public required Func<PasswordFault, string> Explain { get; init; }

    public static readonly PageTexts English = new()
    {
        Language = "en",
        Reset = new("Set a new password", "Choose a new password for your account. You will be signed out everywhere.", "Set password", "Your new password is set. You can sign in with it now."),
        Verify = new("Verify your e-mail address", "Confirm that this is your e-mail address.", "Verify address", "Your e-mail address is verified."),
        Change = new("Confirm your new e-mail address", "Confirm that your account is to use this e-mail address from now on.", "Use this address", "Your e-mail address has been changed."),
        Undo = new("Undo the change of your e-mail address", "Your old e-mail address comes back, everybody is signed out, and your password stops to work. We mail you a link to set a new one.", "Undo the change", "Your e-mail address is back, and everybody is signed out. We have mailed you a link to set a new password."),
        NewPassword = "New password",
        EmailTaken = "Another account uses this e-mail address.",
        Disabled = "This account is disabled, so nothing has changed. Ask those who run this service to enable it; your link stays good until then, as long as its mail says.",
        Busy = "Too many people are waiting at the moment. Please try again shortly.",
        TooMany = "There were too many tries from your network. Nothing has changed, and your link stays good. Please wait a minute, go back and press the button again.",
        InvalidLink = "This link is not valid any more. Links work once and for a limited time; please ask for a new one.",
        UnreadableForm = "This form could not be read. Please open the link in your mail again.",
        Explain = static fault => PasswordPolicy.Explain(fault) ?? "",
    };

    public static readonly PageTexts German = new()
    {
        Language = "de",
        Reset = new("Neues Passwort setzen", "Wählen Sie ein neues Passwort für Ihr Konto. Sie werden überall abgemeldet.", "Passwort setzen", "Ihr neues Passwort gilt. Sie können sich jetzt damit anmelden."),
        Verify = new("E-Mail-Adresse bestätigen", "Bestätigen Sie, dass diese E-Mail-Adresse Ihre ist.", "Adresse bestätigen", "Ihre E-Mail-Adresse ist bestätigt."),
        Change = new("Neue E-Mail-Adresse bestätigen", "Bestätigen Sie, dass Ihr Konto von nun an diese E-Mail-Adresse verwenden soll.", "Diese Adresse verwenden", "Ihre E-Mail-Adresse wurde geändert."),
        Undo = new("Änderung der E-Mail-Adresse rückgängig machen", "Ihre alte E-Mail-Adresse kommt zurück, alle werden abgemeldet, und Ihr Passwort gilt nicht mehr. Sie erhalten eine E-Mail, mit der Sie ein neues setzen.", "Änderung rückgängig machen", "Ihre E-Mail-Adresse ist zurück, und alle sind abgemeldet. Sie erhalten eine E-Mail, mit der Sie ein neues Passwort setzen."),
        NewPassword = "Neues Passwort",
        EmailTaken = "Ein anderes Konto verwendet diese E-Mail-Adresse.",
        Disabled = "Dieses Konto ist gesperrt, deshalb hat sich nichts geändert. Bitten Sie die Betreiber dieses Dienstes, es freizugeben; Ihr Link gilt weiter, so lange, wie es in der E-Mail steht.",
        Busy = "Im Augenblick warten zu viele. Bitte versuchen Sie es gleich noch einmal.",
        TooMany = "Aus Ihrem Netz kamen zu viele Versuche. Es hat sich nichts geändert, und Ihr Link gilt weiter. Bitte warten Sie eine Minute, gehen Sie zurück und drücken Sie den Knopf noch einmal.",
        InvalidLink = "Dieser Link gilt nicht mehr. Links gelten einmal und nur für begrenzte Zeit; bitte fordern Sie einen neuen an.",
        UnreadableForm = "Dieses Formular konnte nicht gelesen werden. Bitte öffnen Sie den Link in Ihrer E-Mail noch einmal.",
        Explain = static fault => fault switch
        {
            PasswordFault.HalfCharacter => "Das Passwort enthält ein halbes Zeichen, das sich nicht speichern lässt; bitte geben Sie es noch einmal ein.",
            PasswordFault.TooShort => $"Das Passwort ist zu kurz; bitte nehmen Sie mindestens {PasswordPolicy.MinLength} Zeichen, ein paar Wörter merken sich leicht.",
            PasswordFault.TooLong => $"Das Passwort ist zu lang; bitte nehmen Sie höchstens {PasswordPolicy.MaxLength} Zeichen.",
            PasswordFault.Common => "Dieses Passwort steht auf den Listen, die Angreifer zuerst versuchen; bitte wählen Sie ein anderes, etwa ein paar Wörter ohne Zusammenhang.",
            PasswordFault.OwnName => "Das Passwort ist kaum mehr als Ihr eigener Name oder Ihre Adresse; bitte wählen Sie etwas, das andere nicht über Sie wissen können.",
            PasswordFault.NameOfService => "Das Passwort ist kaum mehr als der Name dieses Dienstes; bitte wählen Sie ein anderes, etwa ein paar Wörter ohne Zusammenhang.",
            _ => "",
        },
    };

    /// <summary>The first language of a browser that we have; English where we have none of them.</summary>
    public static PageTexts For(HttpContext http)
    {
        if (!StringWithQualityHeaderValue.TryParseList(http.Request.Headers.AcceptLanguage, out var wanted)) return English;
        foreach (var language in wanted.Where(language => language.Quality is not 0).OrderByDescending(language => language.Quality ?? 1))
        {
            if (Is(language.Value.Value, "en")) return English;
            if (Is(language.Value.Value, "de")) return German;
        }
        return English;
    }

    private static bool Is(string? tag, string language) =>
        tag is not null && tag.StartsWith(language, StringComparison.OrdinalIgnoreCase) && (tag.Length == language.Length || tag[language.Length] == '-');
}

/// <summary>What one linked page says: before the button, on it, and after.</summary>
internal sealed record LinkTexts(string Title, string Question, string Button, string Done);
