using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Mail;

namespace Avouch.Server.Endpoints.Admin;

/// <summary><c>POST /api/v1/admin/mail/{id}/retry</c>: one more try for a mail that was given up, to the address that it always had.</summary>
internal sealed class RetryMail(Outbox outbox)
{
    [EndpointSummary("Send a mail once more")]
    [EndpointDescription("Sends a mail that was given up, as if it were new. What made it fail should be mended first. Needs `mail:write` and a sign-in at most 10 minutes old.")]
    [Tags("Mail")]
    [Gives<MessageJson>(200, "It waits to be sent.", AdminExamples.MailRetried)]
    [Refuses(401, 403, 404, 409)]
    [TakesAccessToken]
    [TakesPathId("id", "The id of the mail.")]
    public async Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        if (PathId.Find(http) is not { } id) return Problems.NotFound;
        if (await outbox.Retry(id, token.Subject)) return MessageJson.Result("It is sent once more.");
        return await outbox.Find(id) is null ? Problems.NotFound : Problems.MailNotDead;
    }
}
