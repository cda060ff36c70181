using Avouch.Server.Http;
using Avouch.Server.Sessions;

namespace Avouch.Server.Endpoints.Auth;

/// <summary>What the two sign-in endpoints have in common: the fields that must be there, and the answer to each outcome.</summary>
internal static class SignInAnswer
{
    /// <summary>More than any stored name or address can have; longer ones are not worth a look.</summary>
    private const int MaxName = 320;

    public static async Task<IResult> Give(HttpContext http, SignIn signIn, string? name, string? password, string scope)
    {
        var errors = new Dictionary<string, string[]>();
        if (string.IsNullOrWhiteSpace(name)) errors["username"] = ["A user name or e-mail address is needed."];
        else if (name.Length > MaxName) errors["username"] = ["This is longer than any name can be."];
        if (string.IsNullOrEmpty(password)) errors["password"] = ["A password is needed."];
        if (errors.Count > 0) return Problems.Invalid(errors);

        var signedIn = await signIn.Run(name!, password!, scope, ClientDevice.Of(http), http.RequestAborted);
        return signedIn.Outcome switch
        {
            SignInOutcome.Right => TokenResult.Of(SignInJson.Of(signedIn.Tokens!, signedIn.Device)),
            SignInOutcome.Disabled => Problems.AccountDisabled(signedIn.Cause),
            SignInOutcome.ScopeRefused => Problems.Invalid("scope", "This account cannot have this scope."),
            SignInOutcome.TooMany => Problems.TooManyRequests(signedIn.Limit),
            SignInOutcome.Busy => Problems.Busy(signedIn.RetryAfter),
            _ => Problems.WrongCredentials(signedIn.Cause),
        };
    }
}
