using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Welcome;
using Avouch.Server.Sessions;

namespace Avouch.Server.Endpoints.Welcome;

/// <summary><c>/sign-in</c>: the sign-in of our own pages.</summary>
internal sealed class SignInForm(SignIn signIn, PageEntry entry)
{
    /// <summary>More than any stored name or address can have; longer ones are not worth a look.</summary>
    private const int MaxName = 320;

    public static Task<IResult> Show(PageRequest page) =>
        page.VisitorOrNull is not null ? Task.FromResult(page.Go(page.ReturnTo ?? "/account")) : page.Show<SignInPage>(new SignInModel(null));

    public static Task<IResult> Refuse(PageRequest page, Problem refusal) => page.Show<SignInPage>(new SignInModel(page.Given("username")), refusal);

    public async Task<IResult> Send(PageRequest page)
    {
        var (name, password) = (page.Given("username"), page.Field("password"));
        var errors = Validate(name, password);
        if (errors.Count > 0) return await Refuse(page, Problems.Invalid(errors));

        var signedIn = await signIn.Run(name!, password, TokenIssuer.FirstPartyScope, page.Device, CancellationToken.None);
        if (signedIn.Grant is { } grant) return await entry.Enter(page, grant, signedIn.Device, page.ReturnTo ?? "/account");
        return await Refuse(page, signedIn.Outcome switch
        {
            SignInOutcome.Disabled => Problems.AccountDisabled(signedIn.Cause),
            SignInOutcome.TooMany => Problems.TooManyRequests(signedIn.Limit),
            SignInOutcome.Busy => Problems.Busy(signedIn.RetryAfter),
            _ => Problems.WrongCredentials(signedIn.Cause),
        });
    }

    /// <summary>The session ends, on every node; the device stays known.</summary>
    public async Task<IResult> Leave(PageRequest page)
    {
        await entry.Leave(page);
        return page.Go("/sign-in", "signed-out");
    }

    /// <summary>Of a form that cannot be told: whoever is out already, by another tab or a double click, has what they want.</summary>
    public static Task<IResult> RefuseToLeave(PageRequest page, Problem refusal) =>
        page.VisitorOrNull is null && (refusal == Problems.FormExpired || refusal == Problems.CookiesNeeded) ? Task.FromResult(page.Go("/sign-in", "signed-out")) : page.Show<RefusalPage>(refusal: refusal);

    private static Dictionary<string, string[]> Validate(string? name, string password)
    {
        var errors = new Dictionary<string, string[]>();
        if (name is null) errors["username"] = ["A user name or e-mail address is needed."];
        else if (name.Length > MaxName) errors["username"] = ["This is longer than any name can be."];
        if (password.Length == 0) errors["password"] = ["A password is needed."];
        return errors;
    }
}
