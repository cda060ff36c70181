using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Avouch.Server.Http;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Auth;

/// <summary><c>POST /api/v1/auth/register</c>: a new account. Nobody gives themselves a role.</summary>
internal sealed class Register(SignUp signUp)
{
    internal sealed record Request(
        [property: Description("Optional; 2 to 64 characters, no @. Compared without regard to case.")] string? Username = null,
        [property: Required, Description("Compared without regard to case, kept as typed.")] string? Email = null,
        [property: Required, Description("8 to 256 characters; refused when it is a common one or made of the user's own name.")] string? Password = null,
        [property: Description("Optional; at most 200 characters.")] string? FullName = null);

    [EndpointSummary("Sign up")]
    [EndpointDescription("Makes an account with the role `user` and mails a link that verifies the address. Other members of the body, such as `role`, are ignored.")]
    [Tags("Account")]
    [Takes<Request>("""{"username":"alice","email":"alice@example.com","password":"correct horse 42","full_name":"Alice"}""")]
    [Gives<UserJson>(201, "The account.", AnswerExamples.User)]
    [Gives<MessageJson>(202, "With AVOUCH_HIDE_EXISTING_ACCOUNTS: whether or not the address was taken.", AnswerExamples.AlmostRegistered)]
    [Refuses(400, 409, 413, 415, 422, 503)]
    public async Task<IResult> Handle(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        var (request, problem) = await RequestBody.ReadJson(http, ApiJson.Default.RegisterRequest);
        if (request is null) return problem!;
        var wanted = new WantedAccount(request.Username, request.Email, request.Password, request.FullName);
        var errors = SignUp.Validate(wanted);
        if (errors.Count > 0) return Problems.Invalid(errors);
        var signedUp = await signUp.Run(wanted, ClientCaller.Of(http), http.RequestAborted);
        if (signedUp.AwaitsProof) return Almost;
        if (signedUp.User is { } user) return Results.Json(UserJson.Of(user), UserJsonContext.Default.UserJson, statusCode: 201);
        return signedUp.Taken is Taken.Nothing ? Problems.Busy(signedUp.RetryAfter) : TakenProblem.Of(signedUp.Taken);
    }

    /// <summary>The one answer for both, where existing accounts are hidden.</summary>
    private static IResult Almost => Results.Json(new MessageJson("Almost done: open the link that was mailed to this address.", Success: true), ApiJson.Default.MessageJson, statusCode: 202);
}
