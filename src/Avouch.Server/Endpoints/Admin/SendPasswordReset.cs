using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Limits;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Admin;

/// <summary><c>POST /api/v1/admin/users/{id}/password/reset</c>: the mail with which somebody sets a new password. Nobody else sees its secret.</summary>
internal sealed class SendPasswordReset(Guard guard, UserAccounts users, PasswordReset reset, RateLimits limits)
{
    [EndpointSummary("Send a password reset")]
    [EndpointDescription("Sends the mail that sets a new password to the stored address; the present password counts until then. Needs `users:recover` and a sign-in at most 10 minutes old. Nobody who may do more than oneself. A disabled account gets none. It counts as a request of the user for such a mail.")]
    [Tags("Users")]
    [Gives<MessageJson>(200, "The mail is on its way.", AdminExamples.ResetSent)]
    [Refuses(401, 403, 404, 409)]
    [TakesAccessToken]
    [TakesPathId("id", "The id of the user.")]
    public async Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        if (PathId.Find(http) is not { } id || await users.Find(id) is not { } user) return Problems.NotFound;
        if (guard.RefuseBeyond(token, user.Roles) is { } beyond) return beyond;
        if (user.IsActive && limits.Take(Limit.Reset, NameKey.Of(user.Email)) is { IsAllowed: false } full) return Problems.TooManyRequests(full);   // as whoever asks for it themselves
        return await reset.RequestFor(id, guard.ActorOf(token), ClientCaller.Of(http) with { Languages = null }) switch
        {
            UserChange.Done => MessageJson.Result("A mail to set a new password is on its way."),
            UserChange.Outranked => Problems.Outranked,
            UserChange.Disabled => Problems.NoResetWhileDisabled,
            _ => Problems.NotFound,
        };
    }
}
