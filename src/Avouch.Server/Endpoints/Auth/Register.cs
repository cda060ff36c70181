using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Avouch.Server.Http;
using Avouch.Server.Limits;
using Avouch.Server.Passwords;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Auth;

/// <summary><c>POST /api/v1/auth/register</c>: a new account. Nobody gives themselves a role.</summary>
internal sealed class Register(UserAccounts users, PasswordHasher passwords, HeldNames held, RateLimits limits, EmailVerification verification)
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
        var errors = Validate(request);
        if (errors.Count > 0) return Problems.Invalid(errors);
        var account = new NewUser(Blank(request.Username), request.Email!.Trim(), Blank(request.FullName), Role.User, PasswordHash: "") { AwaitsProof = limits.Settings.HidesExistingAccounts };
        var taken = await users.FindTaken(account);
        if (taken is not Taken.Nothing && !IsHidden(account, taken)) return Conflict(taken);
        var caller = ClientCaller.Of(http);
        var hashed = await passwords.Hash(request.Password!, caller.Network, http.RequestAborted);
        if (hashed.Hash is null) return Problems.Busy(hashed.RetryAfter);
        return await Add(account with { PasswordHash = hashed.Hash }, taken, caller);
    }

    private async Task<IResult> Add(NewUser account, Taken taken, Caller caller)
    {
        var added = taken is Taken.Nothing
            ? await users.Add(account, caller.Address, also: async (transaction, user, cause) => await verification.Send(transaction, user, cause, caller))
            : new AddedUser(null, taken);
        if (added.User is null && !IsHidden(account, added.Taken)) return Conflict(added.Taken);
        if (added.User is null) await held.Hold(account, MayTellOwner(account), caller);
        return account.AwaitsProof ? Almost : Results.Json(UserJson.Of(added.User!), UserJsonContext.Default.UserJson, statusCode: 201);
    }

    /// <summary>The one answer for both, where existing accounts are hidden.</summary>
    private static IResult Almost => Results.Json(new MessageJson("Almost done: open the link that was mailed to this address.", Success: true), ApiJson.Default.MessageJson, statusCode: 202);

    private static bool IsHidden(NewUser account, Taken taken) => account.AwaitsProof && taken is Taken.Email;

    /// <summary>Nobody is flooded with mail because somebody else signs up again and again.</summary>
    private bool MayTellOwner(NewUser account) => limits.Take(Limit.Verification, NameKey.Of(account.Email)).IsAllowed;

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

    private static Problem Conflict(Taken taken) => taken switch
    {
        Taken.Email => Problems.EmailTaken,
        Taken.LookAlike => Problems.UsernameLooksTaken,
        _ => Problems.UsernameTaken,
    };

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
