using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Sessions;

namespace Avouch.Server.Endpoints.Auth;

/// <summary>
/// <c>POST /api/v1/auth/token</c> and <c>POST /api/v1/auth/login/form</c>: sign in with a form body, as Swagger UI's Authorize button and the usual
/// tutorials do. This is our own first-party login, not an OAuth grant (ASVS 10.4.4).
/// </summary>
internal sealed class LoginForm(SignInAnswer answer)
{
    internal sealed record Request(
        [property: Required, Description("The user name or the e-mail address.")] string? Username = null,
        [property: Required] string? Password = null,
        [property: Description("Empty or `password`.")] string? GrantType = null,
        [property: Description("Which of `avouch:account` and `avouch:admin` to ask for; all that the account may have if left out.")] string? Scope = null);

    [EndpointSummary("Sign in with a form")]
    [EndpointDescription("The same as `/api/v1/auth/login` for clients that send a form.")]
    [Tags("Account")]
    [Takes<Request>("username=alice&password=correct+horse+42", TakesAttribute.Form)]
    [Gives<SignInJson>(200, "An access token, the refresh token of the new session, and a token of the device to send with the next sign-in in the header `Avouch-Device`.", AnswerExamples.SignIn)]
    [Refuses(400, 401, 403, 413, 415, 422, 503)]
    public async Task<IResult> Handle(HttpContext http)
    {
        var (request, problem) = await RequestBody.ReadForm(http, form =>
            new Request(form.Single("username"), form.Single("password"), form.Single("grant_type"), form.Single("scope")));
        if (request is null) return problem!;
        if (request.GrantType is not (null or "" or "password")) return Problems.Invalid("grant_type", "This form takes only \"password\", or nothing.");
        if (Narrow(request.Scope) is not { } scope) return Problems.Invalid("scope", "Use avouch:account, with or without avouch:admin, or nothing.");
        return await answer.Give(http, request.Username, request.Password, scope, usesCookie: false);
    }

    /// <summary>What was asked for, of what there is; <see langword="null"/> where nothing of it is ours.</summary>
    private static string? Narrow(string? requested)
    {
        if (string.IsNullOrWhiteSpace(requested)) return TokenIssuer.FirstPartyScope;
        if (!Scope.TryParse(requested, out var scope)) return null;
        var granted = TokenIssuer.FirstPartyScope.Split(' ').Where(token => scope.Contains(token)).ToList();
        return granted.Count == 0 ? null : string.Join(' ', granted);
    }
}
