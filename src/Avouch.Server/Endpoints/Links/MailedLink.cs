using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Welcome;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Links;

/// <summary>What the pages behind mailed links have in common: opening one shows a form, its button sends the secret, another page says that it is done.</summary>
internal static class MailedLink
{
    /// <summary>Shows the button to anybody with anything that can be a secret. Nothing is looked up, so a scanner neither uses it up nor learns about it.</summary>
    /// <param name="invalid">The refusal of a secret of this kind.</param>
    public static Task<IResult> Open<TPage>(PageRequest page, Problem invalid) where TPage : PageView =>
        page.Query("token") is { } token && ProofToken.Read(token) is not null ? page.Show<TPage>(new LinkModel(token)) : page.Show<TPage>(LinkModel.None, invalid);

    public static Task<IResult> ShowDone<TPage>(PageRequest page) where TPage : PageView => page.Show<TPage>(LinkModel.Done);

    /// <summary>A limit in front of the button, or a form that nobody can read. The secret is not used up.</summary>
    public static Task<IResult> Refuse<TPage>(PageRequest page, Problem problem) where TPage : PageView => problem.Code switch
    {
        "too_many_requests" => page.Show<TPage>(LinkModel.None, problem, says: "There were too many tries from your network. Nothing has changed, and your link stays good. Please wait a minute, go back and press the button again."),
        "foreign_form" => page.Show<TPage>(LinkModel.None, problem),
        _ => page.Show<TPage>(LinkModel.None, problem, says: "This form could not be read. Please open the link in your mail again."),
    };

    /// <summary>How a result looks to a person. What is done is said by a page of its own, which can be loaded again.</summary>
    /// <param name="invalid">The refusal of a secret of this kind.</param>
    public static async Task<IResult> Answer<TPage>(PageRequest page, ProofResult result, Problem invalid) where TPage : PageView => result.Outcome switch
    {
        ProofOutcome.Done => page.Go(page.Http.Request.Path.Value!.TrimEnd('/') + "/done"),
        ProofOutcome.EmailTaken => await page.Show<TPage>(LinkModel.None, Problems.EmailTaken, says: "Another account uses this e-mail address."),
        ProofOutcome.Disabled => await page.Show<TPage>(LinkModel.None, Problems.AccountDisabled(result.Cause),
            says: "This account is disabled, so nothing has changed. Ask those who run this service to enable it; your link stays good until then, as long as its mail says."),
        ProofOutcome.Busy => await page.Show<TPage>(new LinkModel(page.Field("token")), Problems.Busy(result.RetryAfter)),
        _ => await page.Show<TPage>(LinkModel.None, invalid),
    };
}
