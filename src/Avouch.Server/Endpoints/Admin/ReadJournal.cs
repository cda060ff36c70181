using System.Globalization;
using System.Text.Json;
using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Journal;

namespace Avouch.Server.Endpoints.Admin;

/// <summary><c>GET /api/v1/admin/journal</c>: what mattered to security, the newest first; a page of it, or all of it a line at a time.</summary>
internal sealed class ReadJournal(JournalSearch journal)
{
    private const string Lines = "application/x-ndjson";
    private const int DefaultLimit = 50;
    private const int MaxLimit = 500;
    private const int LinesAtOnce = 500;

    /// <param name="Id">As it stands in the header <c>Avouch-Reason</c>.</param>
    internal sealed record Row(string Id, long Seq, DateTimeOffset At, string Kind, Guid? UserId, Guid? SessionId, Guid? ActorId, string? Address, string? Detail)
    {
        public static Row Of(JournalEntry entry) => new($"j-{entry.Seq}", entry.Seq, entry.At, entry.Kind, entry.UserId, entry.SessionId, entry.ActorId, entry.Address, entry.Detail);
    }

    /// <param name="Before">For the next page, which is older; nothing on the last.</param>
    internal sealed record Answer(IReadOnlyList<Row> Rows, long? Before);

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
        var isStream = http.Request.GetTypedHeaders().Accept.Any(type => type.Quality is not 0 && type.MediaType.Equals(Lines, StringComparison.OrdinalIgnoreCase));
        var reader = new QueryReader(http.Request.Query);
        var query = Read(reader, isStream);
        if (reader.RefuseFaults() is { } refusal) return refusal;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Vary = "Accept";
        if (isStream) return Results.Stream(stream => WriteLines(stream, query, http.RequestAborted), Lines);
        var rows = await journal.List(query with { Limit = query.Limit + 1 });
        var page = rows.Take(query.Limit).Select(Row.Of).ToList();
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

    /// <summary>A batch is read when the one before has gone out: however long the journal, a batch of it is in memory.</summary>
    private async Task WriteLines(Stream stream, JournalQuery query, CancellationToken stop)
    {
        var left = query.Limit;
        List<JournalEntry> rows;
        do
        {
            rows = await journal.List(query with { Limit = Math.Min(LinesAtOnce, left) });
            await stream.WriteAsync(Serialize(rows), stop);
            left -= rows.Count;
            if (rows.Count > 0) query = query with { Before = rows[^1].Seq };
        }
        while (rows.Count == LinesAtOnce && left > 0);
    }

    private static byte[] Serialize(List<JournalEntry> rows)
    {
        using var lines = new MemoryStream();
        foreach (var row in rows)
        {
            JsonSerializer.Serialize(lines, Row.Of(row), AdminJson.Default.JournalRow);
            lines.WriteByte((byte)'\n');
        }
        return lines.ToArray();
    }
}
