using Avouch.Server.Http;
using Avouch.Server.Journal;
using Avouch.Server.Sessions;
using Avouch.Server.Settings;

namespace Avouch.Server.Endpoints.Auth;

/// <summary>What the sign-in endpoints have in common: the fields that must be there, the cookies of browsers, and the answer to each outcome.</summary>
internal sealed class SignInAnswer(SignIn signIn, TokenIssuer issuer, UserSessions sessions, CookieMode cookies, LimitSettings limits)
{
    /// <summary>More than any stored name or address can have; longer ones are not worth a look.</summary>
    private const int MaxName = 320;

    public async Task<IResult> Give(HttpContext http, string? name, string? password, string scope, bool usesCookie)
    {
        if (usesCookie && cookies.Refuse(http) is { } crossSite) return crossSite;
        var errors = Validate(name, password);
        if (errors.Count > 0) return Problems.Invalid(errors);

        var signedIn = await signIn.Run(name!, password!, scope, ClientDevice.Of(http), http.RequestAborted);
        return signedIn.Outcome switch
        {
            SignInOutcome.Right when usesCookie => await Keep(http, signedIn),
            SignInOutcome.Right => TokenResult.Of(SignInJson.Of(Issue(signedIn), signedIn.Device)),
            SignInOutcome.Disabled => Problems.AccountDisabled(signedIn.Cause),
            SignInOutcome.ScopeRefused => Problems.Invalid("scope", "This account cannot have this scope."),
            SignInOutcome.TooMany => Problems.TooManyRequests(signedIn.Limit),
            SignInOutcome.Busy => Problems.Busy(signedIn.RetryAfter),
            _ => Problems.WrongCredentials(signedIn.Cause),
        };
    }

    /// <summary>The session that this browser had before is over: its token is written over, and nobody could end it any more (ASVS 7.2.4).</summary>
    private async Task<IResult> Keep(HttpContext http, SignedIn signedIn)
    {
        if (cookies.SessionOf(http) is { } before) await sessions.End(before, owner: null, EndReason.SignedOut, ClientDevice.Of(http).Address);
        var tokens = Issue(signedIn);
        CookieMode.Keep(http, tokens, signedIn.Device, limits.DeviceLifetime);
        return TokenResult.Of(SignInJson.Of(tokens, device: null) with { RefreshToken = null });
    }

    private TokenAnswer Issue(SignedIn signedIn) => issuer.Issue(signedIn.Grant!, signedIn.AccessUntil);

    private static Dictionary<string, string[]> Validate(string? name, string? password)
    {
        var errors = new Dictionary<string, string[]>();
        if (string.IsNullOrWhiteSpace(name)) errors["username"] = ["A user name or e-mail address is needed."];
        else if (name.Length > MaxName) errors["username"] = ["This is longer than any name can be."];
        if (string.IsNullOrEmpty(password)) errors["password"] = ["A password is needed."];
        return errors;
    }
}
