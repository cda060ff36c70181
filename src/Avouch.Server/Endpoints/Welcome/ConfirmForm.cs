using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Welcome;
using Avouch.Server.Sessions;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Welcome;

/// <summary><c>/confirm</c>: the password once more, before what destroys something or opens doors (ASVS 7.5.1). It counts as long as a sign-in does.</summary>
internal sealed class ConfirmForm(CurrentPassword current, PageSessions sessions, Guard guard)
{
    /// <summary>Whoever has just shown it goes straight on.</summary>
    public Task<IResult> Show(PageRequest page) => guard.RefuseLate(page.Token) is null ? Task.FromResult(GoOn(page)) : page.Show<ConfirmPage>();

    public async Task<IResult> Send(PageRequest page)
    {
        var password = page.Field("password");
        if (password.Length == 0) return await page.Show<ConfirmPage>(refusal: Problems.Invalid("password", "A password is needed."));
        var (owner, refused) = await current.Verify(page.User.Id, password, page.Caller, CancellationToken.None);
        if (owner is null) return await page.Show<ConfirmPage>(refusal: ToProblem(refused));
        await sessions.Confirm(page.Visitor.Session.Id);
        return GoOn(page);
    }

    private static IResult GoOn(PageRequest page) => page.Go(page.ReturnTo ?? "/account");

    private static Problem ToProblem(ProofResult refused) => refused.Outcome switch
    {
        ProofOutcome.TooMany => Problems.TooManyRequests(refused.Limit),
        ProofOutcome.Busy => Problems.Busy(refused.RetryAfter),
        _ => PageSentences.Mark(Problems.WrongPassword(refused.Cause), "password"),
    };
}
