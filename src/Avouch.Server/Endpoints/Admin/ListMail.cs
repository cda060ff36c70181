using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Mail;
using Avouch.Server.Roles;

namespace Avouch.Server.Endpoints.Admin;

/// <summary><c>GET /api/v1/admin/mail</c>: what was given up, waits, or was sent; never what it says, for its links open things.</summary>
internal sealed class ListMail(Guard guard, Outbox outbox)
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 100;

    /// <param name="To">Whole for whoever may see accounts; nothing once it was sent.</param>
    /// <param name="DueAt">When it is tried next, where it waits.</param>
    /// <param name="Fault">What went wrong the last time.</param>
    internal sealed record MailRow(
        Guid Id, string State, string Template, Guid? UserId, string? To, DateTimeOffset CreatedAt, DateTimeOffset? DueAt, long Attempts, DateTimeOffset? SentAt, DateTimeOffset? DeadAt, string? Fault);

    /// <param name="Before">For the next page, which is older; nothing on the last.</param>
    internal sealed record Answer(IReadOnlyList<MailRow> Mails, Guid? Before);

    [EndpointSummary("List mail")]
    [EndpointDescription("Mail in one state, the newest first; never what it says. Needs `mail:read`. Addresses are whole for whoever has `users:read` as well, and cut short for others. What was sent is kept for 30 days, without its content and address.")]
    [Tags("Mail")]
    [TakesQuery("state", "`dead` (given up), `pending` or `sent`; `dead` if left out.")]
    [TakesQuery("before", "Only mail that is older than this one: the `before` of the page before.")]
    [TakesQuery("limit", "Mails of a page: 1 to 100, 50 if left out.", "integer")]
    [Gives<Answer>(200, "A page.", AdminExamples.Mail)]
    [Refuses(401, 403, 422)]
    [TakesAccessToken]
    public async Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        var reader = new QueryReader(http.Request.Query);
        var state = ReadState(reader);
        var (before, limit) = (reader.Id("before") ?? Guid.AllBitsSet, reader.Number("limit", DefaultLimit, 1, MaxLimit));
        if (reader.RefuseFaults() is { } refusal) return refusal;
        http.Response.Headers.CacheControl = "no-store";
        var letters = await outbox.ListNewest(state, before, limit + 1);
        var isMasked = !guard.Can(token, Permission.UsersRead);
        var page = letters.Take(limit).Select(letter => ToRow(isMasked ? letter.Masked() : letter)).ToList();
        return Results.Json(new Answer(page, letters.Count > page.Count ? page[^1].Id : null), AdminJson.Default.ListMailAnswer);
    }

    private static LetterState ReadState(QueryReader reader)
    {
        var word = reader.Text("state");
        if (word is not (null or "dead" or "pending" or "sent")) reader.Fault("state", "Use dead, pending or sent.");
        return word switch { "pending" => LetterState.Pending, "sent" => LetterState.Sent, _ => LetterState.Dead };
    }

    private static MailRow ToRow(OutboxLetter letter) => new(
        letter.Id, letter.State.ToString().ToLowerInvariant(), letter.Template, letter.UserId, letter.To, letter.CreatedAt,
        letter.State == LetterState.Pending ? letter.DueAt : null, letter.Attempts, letter.SentAt, letter.DeadAt, letter.Fault);
}
