using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Links;

/// <summary>What the pages behind mailed links have in common: opening one shows a form, its button sends the secret.</summary>
internal static class MailedLink
{
    internal sealed record Sent(string Token, string NewPassword);

    /// <summary>Shows the form to anybody with anything that can be a secret. Nothing is looked up, so a scanner neither uses it up nor learns about it.</summary>
    public static Page Open(HttpContext http, LinkTexts link, Problem invalid, Func<string, Page> form) =>
        http.Request.Query["token"] is [{ } token] && ProofToken.Read(token) is not null
            ? form(token)
            : LinkPages.Refuse(PageTexts.For(http), link, PageTexts.For(http).InvalidLink, invalid);

    /// <summary>Reads the form and lets the flow use the secret, or says to a person what was wrong with the form.</summary>
    public static async Task<IResult> Send(HttpContext http, LinkTexts link, Func<Sent, Task<Page>> use)
    {
        var (sent, problem) = await RequestBody.ReadForm(http, static form => new Sent(form.Single("token") ?? "", form.Single("new_password") ?? ""));
        if (sent is null) return LinkPages.Refuse(PageTexts.For(http), link, PageTexts.For(http).UnreadableForm, problem!);
        return await use(sent);
    }
}
