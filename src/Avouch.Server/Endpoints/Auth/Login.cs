using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Avouch.Server.Http;
using Avouch.Server.Sessions;

namespace Avouch.Server.Endpoints.Auth;

/// <summary><c>POST /api/v1/auth/login</c>: sign in with a JSON body.</summary>
internal sealed class Login(SignInAnswer answer)
{
    internal sealed record Request(
        [property: Description("The user name or the e-mail address.")] string? Username = null,
        [property: Description("Another name for `username`.")] string? Email = null,
        [property: Required] string? Password = null,
        [property: Description("For browsers: keeps the refresh token and the device token in cookies that no script reads, and leaves them out of the answer. Needs the header `Avouch-Csrf: 1`.")] bool? Cookie = null);

    [EndpointSummary("Sign in")]
    [EndpointDescription("Begins a session. A wrong name and a wrong password get the same answer, byte for byte.")]
    [Tags("Account")]
    [Takes<Request>("""{"username":"alice","password":"correct horse 42"}""")]
    [Gives<SignInJson>(200, "An access token, the refresh token of the new session, and a token of the device to send with the next sign-in in the header `Avouch-Device`.", AnswerExamples.SignIn)]
    [Refuses(400, 401, 403, 413, 415, 422, 503)]
    public async Task<IResult> Handle(HttpContext http)
    {
        var (request, problem) = await RequestBody.ReadJson(http, ApiJson.Default.LoginRequest);
        if (request is null) return problem!;
        return await answer.Give(http, request.Username ?? request.Email, request.Password, TokenIssuer.FirstPartyScope, usesCookie: request.Cookie == true);
    }
}
