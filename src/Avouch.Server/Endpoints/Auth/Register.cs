using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Avouch.Server.Http;
using Avouch.Server.Passwords;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Auth;

/// <summary><c>POST /api/v1/auth/register</c>: a new account. Nobody gives themselves a role.</summary>
internal sealed class Register(UserAccounts users, PasswordHasher passwords, EmailVerification verification)
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
    [Refuses(400, 409, 413, 415, 422, 503)]
    public async Task<IResult> Handle(HttpContext http)
    {
        var (request, problem) = await RequestBody.ReadJson(http, ApiJson.Default.RegisterRequest);
        if (request is null) return problem!;
        var errors = Validate(request);
        if (errors.Count > 0) return Problems.Invalid(errors);
        var account = new NewUser(Blank(request.Username), request.Email!.Trim(), Blank(request.FullName), Role.User, PasswordHash: "");
        if (await users.FindTaken(account) is not Taken.Nothing and var taken) return Conflict(taken);
        var device = ClientDevice.Of(http);
        var hashed = await passwords.Hash(request.Password!, device.Network, http.RequestAborted);
        if (hashed.Hash is null) return Problems.Busy(hashed.RetryAfter);
        var caller = ClientCaller.Of(http);
        var added = await users.Add(account with { PasswordHash = hashed.Hash }, device.Address, also: async (transaction, user, cause) => await verification.Send(transaction, user, cause, caller));
        return added.User is null ? Conflict(added.Taken) : Results.Json(UserJson.Of(added.User), UserJsonContext.Default.UserJson, statusCode: 201);
    }

    private static Dictionary<string, string[]> Validate(Request request)
    {
        var errors = new Dictionary<string, string[]>();
        if (AccountRules.CheckEmail(request.Email) is { } email) errors["email"] = [email];
        if (Blank(request.Username) is { } name && AccountRules.CheckUsername(name) is { } username) errors["username"] = [username];
        if (Blank(request.FullName) is { } full && AccountRules.CheckFullName(full) is { } fullName) errors["full_name"] = [fullName];
        if (string.IsNullOrEmpty(request.Password)) errors["password"] = ["A password is needed."];
        else if (PasswordPolicy.Check(request.Password, request.Username, request.Email ?? "", request.FullName) is { } sentence) errors["password"] = [sentence];
        return errors;
    }

    private static Problem Conflict(Taken taken) => taken == Taken.Email ? Problems.EmailTaken : Problems.UsernameTaken;

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
