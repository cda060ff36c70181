using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Welcome;
using Avouch.Server.Sessions;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Welcome;

/// <summary><c>/sign-up</c>: a new account, and in at once. Where existing accounts are hidden, a mail says how to go on, whoever has the address.</summary>
internal sealed class SignUpForm(SignUp signUp, SignIn signIn, PageEntry entry)
{
    public static Task<IResult> Show(PageRequest page) =>
        page.VisitorOrNull is not null ? Task.FromResult(page.Go(page.ReturnTo ?? "/account")) : page.Show<SignUpPage>(SignUpModel.Of(page));

    public static Task<IResult> ShowSent(PageRequest page) => page.Show<SignUpSentPage>();

    public static Task<IResult> Refuse(PageRequest page, Problem refusal) => page.Show<SignUpPage>(SignUpModel.Of(page), refusal);

    public async Task<IResult> Send(PageRequest page)
    {
        var wanted = new WantedAccount(page.Given("username"), page.Given("email"), page.Field("password"), page.Given("full_name"));
        var errors = SignUp.Validate(wanted);
        if (errors.Count > 0) return await Refuse(page, Problems.Invalid(errors));
        var signedUp = await signUp.Run(wanted, page.Caller, CancellationToken.None);
        if (signedUp.AwaitsProof) return page.Go("/sign-up/sent");
        if (signedUp.User is { } user) return await Enter(page, await signIn.Begin(user.Id, signedUp.PasswordHash, page.Device), "welcome");
        return signedUp.Taken switch
        {
            Taken.Nothing => await Refuse(page, Problems.Busy(signedUp.RetryAfter)),
            Taken.Email => await TrySignIn(page, wanted),
            var taken => await Refuse(page, TakenProblem.Of(taken)),
        };
    }

    /// <summary>Somebody who has forgotten that they have an account, or presses the button in a second tab: with the right password they are in.</summary>
    private async Task<IResult> TrySignIn(PageRequest page, WantedAccount wanted)
    {
        var signedIn = await signIn.Run(wanted.Email!, wanted.Password!, TokenIssuer.FirstPartyScope, page.Device, CancellationToken.None);
        return signedIn.Outcome switch
        {
            SignInOutcome.Right => await Enter(page, signedIn, notice: null),
            SignInOutcome.Disabled => await Refuse(page, Problems.AccountDisabled(signedIn.Cause)),
            SignInOutcome.TooMany => await Refuse(page, Problems.TooManyRequests(signedIn.Limit)),
            SignInOutcome.Busy => await Refuse(page, Problems.Busy(signedIn.RetryAfter)),
            _ => await Refuse(page, Problems.EmailTaken),
        };
    }

    private async Task<IResult> Enter(PageRequest page, SignedIn? signedIn, string? notice) => signedIn is { Grant: { } grant }
        ? await entry.Enter(page, grant, signedIn.Device, page.ReturnTo ?? "/account", notice)
        : page.Go("/sign-in");
}
