using System.Collections.Frozen;

namespace Avouch.Server.Pages;

/// <summary>What pages say to people beside their own words: why something was refused, and what has just been done.</summary>
internal static class PageSentences
{
    /// <summary>
    /// What a page says after a form was done and led on to it. Only the name travels in the address, so nobody can make our pages say something by a link.
    /// </summary>
    private static readonly FrozenDictionary<string, string> Notices = new Dictionary<string, string>
    {
        ["signed-out"] = "You are signed out.",
        ["welcome"] = "Welcome! We have mailed you a link: open it to verify your address.",
        ["saved"] = "Saved.",
        ["key-rotated"] = "Another key signs now. What the one before signed still counts until it has expired.",
        ["key-withdrawn"] = "The key is withdrawn: nothing that it signed counts any more.",
        ["mail-retried"] = "It waits to be sent once more.",
    }.ToFrozenDictionary();

    /// <summary>Sentences of the API that mean something else, or too little, to a person at a page. All others are said as they are.</summary>
    private static readonly FrozenDictionary<string, string> Refusals = new Dictionary<string, string>
    {
        ["invalid_credentials"] = "The name or the password is not right. Look for a slip of the keys, or set a new password.",
        ["invalid_input"] = "Please look at the marked fields.",
        ["busy"] = "Many people are signing in at this moment. Please try again shortly.",
        ["not_found"] = "There is nothing here. The address may be mistyped, or what was here is gone.",
        ["server_fault"] = "Something went wrong on our side. Please try again; if it happens again, tell whoever runs this service the reason below.",
    }.ToFrozenDictionary();

    public static string? Notice(PageRequest page) =>
        page.Query("notice") is { } name && Notices.TryGetValue(name, out var sentence) ? page.Language[sentence] : null;

    /// <summary>Why it was refused and what to do, in the reader's language.</summary>
    public static string Explain(PageRequest page) => page.Refusal switch
    {
        { Code: "too_many_requests", RetryAfter: { } wait } => page.Language.Format("There were too many tries. Please wait {0} and try again.", Wait(page, wait)),
        { } refusal => page.Language[Refusals.GetValueOrDefault(refusal.Code, refusal.Detail)],
        null => "",
    };

    /// <summary>What is wrong with one field; nothing where nothing is.</summary>
    public static string? Fault(PageRequest page, string field) =>
        page.Refusal?.Errors?.GetValueOrDefault(field) is [{ } sentence, ..] ? page.Language[sentence] : null;

    /// <summary>Every sentence of the tables above, for the test of the languages.</summary>
    public static IEnumerable<string> All => Notices.Values.Concat(Refusals.Values);

    private static string Wait(PageRequest page, TimeSpan wait) => wait.TotalSeconds <= 90
        ? page.Language.Format("{0} seconds", (long)Math.Ceiling(wait.TotalSeconds))
        : page.Language.Format("{0} minutes", (long)Math.Ceiling(wait.TotalMinutes));
}
