using Avouch.Server.Http;
using Avouch.Server.Users;

namespace Avouch.Server.Pages;

/// <summary>What stands behind a mailed link: a form whose button does the work, and what is said afterwards.</summary>
internal static class LinkPages
{
    /// <summary>
    /// The secret stands in a field that is sent with the button: opening the page uses nothing up, for mail scanners open links. The form goes to the
    /// page's own address without its query.
    /// </summary>
    /// <param name="path">Relative to the link, since the issuer may have a path of its own.</param>
    public static Page Form(PageTexts texts, LinkTexts link, string path, string token) => new(texts, link.Title, Form(link, path, token, ""));

    /// <summary>The same with a field for a new password, and what was wrong with the last one.</summary>
    public static Page PasswordForm(PageTexts texts, string path, string token, string? fault = null, Problem? refusal = null)
    {
        var alert = fault is null ? "" : $"""<p role="alert" id="fault">{Page.Encode(fault)}</p>""" + "\n";
        var describedBy = fault is null ? "" : """ aria-invalid="true" aria-describedby="fault" """.TrimEnd();
        var field =
            $"""
            {alert}<label for="new_password">{Page.Encode(texts.NewPassword)}</label>
            <input type="password" id="new_password" name="new_password" autocomplete="new-password" required autofocus{describedBy}>

            """;
        return new Page(texts, texts.Reset.Title, Form(texts.Reset, path, token, field)) { Refusal = refusal };
    }

    public static Page Done(PageTexts texts, LinkTexts link) => new(texts, link.Title, $"<p>{Page.Encode(link.Done)}</p>");

    public static Page Refuse(PageTexts texts, LinkTexts link, string sentence, Problem problem) =>
        new(texts, link.Title, $"""<p role="alert">{Page.Encode(sentence)}</p>""") { Refusal = problem };

    /// <summary>A limit in front of the page. The secret is not used up; going back shows the form with it.</summary>
    public static Page TooMany(PageTexts texts, LinkTexts link, Problem problem) => Refuse(texts, link, texts.TooMany, problem);

    /// <summary>How a result looks to a person.</summary>
    /// <param name="invalid">The refusal of a secret of this kind.</param>
    public static Page Answer(PageTexts texts, LinkTexts link, ProofResult result, Problem invalid) => result.Outcome switch
    {
        ProofOutcome.Done => Done(texts, link),
        ProofOutcome.EmailTaken => Refuse(texts, link, texts.EmailTaken, Problems.EmailTaken),
        ProofOutcome.Disabled => Refuse(texts, link, texts.Disabled, Problems.AccountDisabled(result.Cause)),
        ProofOutcome.Busy => Refuse(texts, link, texts.Busy, Problems.Busy(result.RetryAfter)),
        _ => Refuse(texts, link, texts.InvalidLink, invalid),
    };

    private static string Form(LinkTexts link, string path, string token, string fields) =>
        $"""
        <p>{Page.Encode(link.Question)}</p>
        <form method="post" action="{Page.Encode(path)}">
        <input type="hidden" name="token" value="{Page.Encode(token)}">
        {fields}<button type="submit">{Page.Encode(link.Button)}</button>
        </form>
        """;
}
