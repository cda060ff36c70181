using System.Collections.Frozen;
using Avouch.Server.Http;

namespace Avouch.Server.Pages;

/// <summary>What pages say to people beside their own words: why something was refused, and what has just been done.</summary>
internal static class PageSentences
{
    /// <summary>For a secret that is unknown, used, replaced, too old or cut short: one sentence for all.</summary>
    private const string InvalidLink = "This link is not valid any more. Links work once and for a limited time; please ask for a new one.";

    private const string Unreadable = "This form could not be read. Open the page again and send it from there.";

    /// <summary>
    /// What a page says after a form was done and led on to it. Only the name travels in the address, and each is said on the pages
    /// alone that it leads to, so that no link makes a page say what was never done there.
    /// </summary>
    private static readonly FrozenDictionary<string, PageNotice> Notices = new Dictionary<string, PageNotice>
    {
        ["signed-out"] = new("You are signed out.", "/sign-in"),
        ["welcome"] = new("Welcome! We have mailed you a link: open it to verify your address.", "/account", "/account/"),
        ["saved"] = new("Saved.", "/account", "/admin/users/", "/admin/roles/"),
        ["link-mailed"] = new("A link is on its way to your e-mail address. Open it to verify the address.", "/account"),
        ["new-address-mailed"] = new("We have mailed a link to the new address. Nothing changes until you open it.", "/account/security"),
        ["email-change-cancelled"] = new("The change of your e-mail address is cancelled: the link that we have mailed does nothing any more.", "/account/security"),
        ["password-changed"] = new("Your password is changed.", "/account/security"),
        ["password-changed-others-out"] = new("Your password is changed, and your other devices are signed out.", "/account/security"),
        ["device-out"] = new("That device is signed out.", "/account/devices"),
        ["others-out"] = new("All other devices are signed out.", "/account/devices"),
        ["deactivated"] = new("Your account is deactivated, and every device is signed out. An administrator can open it again.", "/goodbye"),
        ["deleted"] = new("Your account is deleted: names, address, password, sessions and waiting mail are gone. The journal keeps that an account was made, used and deleted, under a number that is never given again, without your network addresses.", "/goodbye"),
        ["user-added"] = new("The account is there.", "/admin/users/"),
        ["user-invited"] = new("The account is there, and a mail with a link to set a password is on its way.", "/admin/users/"),
        ["user-disabled"] = new("The account is disabled, and every session has ended.", "/admin/users/"),
        ["user-enabled"] = new("The account is enabled.", "/admin/users/"),
        ["user-unlocked"] = new("The account is not locked any more.", "/admin/users/"),
        ["user-deleted"] = new("The account is deleted.", "/admin/users"),
        ["session-ended"] = new("The session has ended.", "/admin/users/"),
        ["sessions-ended"] = new("All sessions of this account have ended.", "/admin/users/"),
        ["reset-sent"] = new("A mail to set a new password is on its way.", "/admin/users/"),
        ["role-added"] = new("The role is there.", "/admin/roles/", "/admin/new-role"),
        ["role-deleted"] = new("The role is deleted.", "/admin/roles"),
        ["key-rotated"] = new("Another key signs now. What the one before signed still counts until it has expired.", "/admin/keys"),
        ["key-withdrawn"] = new("The key is withdrawn: nothing that it signed counts any more.", "/admin/keys"),
        ["mail-retried"] = new("It waits to be sent once more.", "/admin/mail"),
    }.ToFrozenDictionary();

    /// <summary>Sentences of the API that mean something else, or too little, to a person at a page. All others are said as they are.</summary>
    private static readonly FrozenDictionary<string, string> Refusals = new Dictionary<string, string>
    {
        ["invalid_credentials"] = "The name or the password is not right. Check for typing mistakes, or set a new password.",
        ["invalid_input"] = "Please look at the marked fields.",
        ["busy"] = "Many people are signing in at this moment. Please try again shortly.",
        ["email_taken"] = "An account with this address exists already. Sign in, or set a new password if you have forgotten it.",
        ["wrong_password"] = "The password is not right. Check for typing mistakes.",
        ["invalid_reset_token"] = InvalidLink,
        ["invalid_verification_token"] = InvalidLink,
        ["invalid_email_change_token"] = InvalidLink,
        ["invalid_undo_token"] = InvalidLink,
        ["invalid_form"] = Unreadable,
        ["unsupported_media_type"] = Unreadable,
        ["email_not_verified"] = "Verify your e-mail address first: open the link that we mailed you, or ask for a new one in your account.",
        ["not_found"] = "There is nothing here. The address may be mistyped, or what was here is gone.",
        ["cookies_needed"] = "This page was open too long, or your browser keeps no cookies of this site. Send the form again; if that does not help, allow cookies.",
        ["server_fault"] = "Something went wrong on our side. Please try again; if it happens again, tell whoever runs this service the reason below.",
    }.ToFrozenDictionary();

    public static string? Notice(PageRequest page) =>
        page.Query("notice") is { } name && FindNotice(name, page.Http.Request.Path.Value!) is { } sentence ? page.Language[sentence] : null;

    /// <summary>What a notice says on the page at this path; nothing on those where it has no place.</summary>
    public static string? FindNotice(string name, string path) => Notices.TryGetValue(name, out var notice) && notice.IsAt(path) ? notice.Sentence : null;

    /// <summary>Why it was refused and what to do, in the reader's language.</summary>
    public static string Explain(PageRequest page) => page.Refusal switch
    {
        not null when page.Says is { } sentence => page.Language[sentence],
        { Missing: { } missing } refusal => page.Language.Format(SentenceOf(refusal), missing),
        { Code: "too_many_requests", RetryAfter: { } wait } => page.Language.Format("There were too many tries. Please wait {0} and try again.", Wait(page, wait)),
        { } refusal => page.Language[SentenceOf(refusal)],
        null => "",
    };

    /// <summary>What is said of a refusal, in English.</summary>
    public static string SentenceOf(Problem refusal) => refusal switch
    {
        { Code: "missing_permission", Missing: not null } => "This needs the permission {0}, which none of your roles gives. Whoever administers this service can give you one.",
        { Code: "missing_role", Missing: not null } => "This needs the role {0}. Whoever administers this service can give it to you.",
        _ => Refusals.GetValueOrDefault(refusal.Code, refusal.Detail),
    };

    /// <summary>What is wrong with one field; nothing where nothing is.</summary>
    public static string? Fault(PageRequest page, string field) =>
        page.Refusal?.Errors?.GetValueOrDefault(field) is [{ } sentence, ..] ? page.Language[sentence] : null;

    /// <summary>A wrong password is said beside its field too, so that whoever sent the form lands there.</summary>
    public static Problem Mark(Problem refusal, string field) =>
        refusal.Code == "wrong_password" ? refusal with { Errors = new Dictionary<string, string[]> { [field] = [refusal.Detail] } } : refusal;

    /// <summary>Every sentence of the tables above, for the test of the languages.</summary>
    public static IEnumerable<string> All => Notices.Values.Select(static notice => notice.Sentence).Concat(Refusals.Values);

    private static string Wait(PageRequest page, TimeSpan wait) => wait.TotalSeconds <= 90
        ? page.Language.Format("{0} seconds", (long)Math.Ceiling(wait.TotalSeconds))
        : page.Language.Format("{0} minutes", (long)Math.Ceiling(wait.TotalMinutes));
}

/// <param name="Paths">The pages that say it; with a slash at its end, all below it.</param>
internal sealed record PageNotice(string Sentence, params IReadOnlyList<string> Paths)
{
    public bool IsAt(string path) => Paths.Any(place => place == path || (place[^1] == '/' && path.StartsWith(place, StringComparison.Ordinal)));
}
