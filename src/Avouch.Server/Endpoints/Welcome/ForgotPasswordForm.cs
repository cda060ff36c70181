using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Welcome;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Welcome;

/// <summary><c>/forgot-password</c>: a link to the stored address, if there is one. Nobody learns whether there is.</summary>
internal sealed class ForgotPasswordForm(ForgottenPassword forgotten)
{
    public static Task<IResult> Show(PageRequest page) => page.Show<ForgotPasswordPage>(new ForgotPasswordModel(null));

    public static Task<IResult> ShowSent(PageRequest page) => page.Show<ForgotPasswordSentPage>();

    public static Task<IResult> Refuse(PageRequest page, Problem refusal) => page.Show<ForgotPasswordPage>(new ForgotPasswordModel(page.Given("email")), refusal);

    public async Task<IResult> Send(PageRequest page)
    {
        var email = page.Given("email");
        if (AccountRules.CheckEmail(email) is { } sentence) return await Refuse(page, Problems.Invalid("email", sentence));
        var (refusal, _) = await forgotten.Request(email!, page.Caller);
        return refusal is { } full ? await Refuse(page, Problems.TooManyRequests(full)) : page.Go("/forgot-password/sent");
    }
}
