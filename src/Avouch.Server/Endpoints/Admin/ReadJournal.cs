using System.Globalization;
using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Journal;

namespace Avouch.Server.Endpoints.Admin;

/// <summary><c>GET /api/v1/admin/journal</c>: what mattered to security, the newest first; a page of it, or all of it a line at a time.</summary>
internal sealed class ReadJournal(JournalSearch journal, JournalLines lines)
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 500;

    /// <param name="Before">For the next page, which is older; nothing on the last.</param>
    internal sealed record Answer(IReadOnlyList<JournalRow> Rows, long? Before);

    [EndpointSummary("Read the journal")]
    [EndpointDescription("Rows of the journal, the newest first. Needs `journal:read`. With `Accept: application/x-ndjson` all that the filters let through, one object a line, as they are read; `limit` is then for the whole.")]
    [Tags("Journal")]
    [TakesQuery("user", "Only rows about this user: an id, also of somebody who is deleted.")]
    [TakesQuery("kind", "Only rows of this kind (`session.ended`) or family (`session`).")]
    [TakesQuery("since", "Only rows of this moment or later.")]
    [TakesQuery("until", "Only rows before this moment.")]
    [TakesQuery("reason", "The row that the header `Avouch-Reason` of a refusal names, such as `j-4711`.")]
    [TakesQuery("before", "Only rows of lower numbers: the `before` of the page before.", "integer")]
    [TakesQuery("after", "Only rows of higher numbers.", "integer")]
    [TakesQuery("limit", "Rows of a page: 1 to 500, 50 if left out.", "integer")]
    [Gives<Answer>(200, "A page.", AdminExamples.Journal)]
    [Refuses(401, 403, 422)]
    [TakesAccessToken]
    public async Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        var isStream = http.Request.GetTypedHeaders().Accept.Any(type => type.Quality is not 0 && type.MediaType.Equals(JournalLines.MediaType, StringComparison.OrdinalIgnoreCase));
        var reader = new QueryReader(http.Request.Query);
        var query = Read(reader, isStream);
        if (reader.RefuseFaults() is { } refusal) return refusal;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Vary = "Accept";
        if (isStream) return Results.Stream(stream => lines.Write(stream, query, http.RequestAborted), JournalLines.MediaType);
        var rows = await journal.List(query with { Limit = query.Limit + 1 });
        var page = rows.Take(query.Limit).Select(JournalRow.Of).ToList();
        return Results.Json(new Answer(page, rows.Count > page.Count ? page[^1].Seq : null), AdminJson.Default.ReadJournalAnswer);
    }

    private static JournalQuery Read(QueryReader reader, bool isStream)
    {
        var limit = isStream ? reader.Number("limit", int.MaxValue - 1, 1, int.MaxValue - 1) : reader.Number("limit", DefaultLimit, 1, MaxLimit);
        var query = new JournalQuery(limit)
        {
            UserId = reader.Id("user"),
            Kind = reader.Text("kind"),
            Since = reader.Time("since"),
            Until = reader.Time("until"),
            Before = reader.Position("before"),
            After = reader.Position("after"),
        };
        if (reader.Text("reason") is not { } reason) return query;
        if (!reason.StartsWith("j-", StringComparison.Ordinal) || !long.TryParse(reason.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var seq) || seq == long.MaxValue)
        {
            reader.Fault("reason", "Use an id such as j-4711. One that begins with r- is the id of a line of the log.");
            return query;
        }
        return query with { After = seq - 1, Before = seq + 1 };
    }
}
