using System.Globalization;
using Avouch.Server.Http;
using Avouch.Server.Journal;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Admin;
using Avouch.Server.Roles;
using Avouch.Server.Settings;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Administration;

/// <summary><c>/admin/journal</c>: what happened, the newest first, by filters, page after page, and all of it as a file.</summary>
internal sealed class JournalExplorer(JournalSearch journal, JournalLines lines, UserAccounts users, JournalSettings settings)
{
    private const int PageSize = 25;

    /// <summary>Rows before and after the one that was asked for.</summary>
    private const int Around = 5;

    public async Task<IResult> Show(PageRequest page)
    {
        var reader = new QueryReader(page.Http.Request.Query);
        var (query, reason) = (await Read(page, reader), reader.Text("reason")?.Trim());
        var model = new JournalModel(JournalChoice.Of(page), settings.Retention) { Reason = ReadReason(reader, reason, ref query), IsLogId = IsLogId(reason) };
        if (reader.RefuseFaults() is { } refusal) return await page.Show<JournalPage>(model, refusal);
        if (model.IsLogId) return await page.Show<JournalPage>(model);
        var rows = await journal.List(query with { Limit = PageSize + 1, IsOldest = query.After is not null && model.Reason is null });
        return await page.Show<JournalPage>(await Fill(page, model, query, rows));
    }

    /// <summary>The same filters, all rows, an object a line.</summary>
    public async Task<IResult> Download(PageRequest page)
    {
        var reader = new QueryReader(page.Http.Request.Query);
        var query = await Read(page, reader);
        if (reader.RefuseFaults() is { } refusal) return await page.Show<JournalPage>(new JournalModel(JournalChoice.Of(page), settings.Retention), refusal);
        page.Http.Response.Headers.CacheControl = "no-store";
        return Results.Stream(stream => lines.Write(stream, query with { Limit = int.MaxValue - 1 }, page.Http.RequestAborted), JournalLines.MediaType, "journal.ndjson");
    }

    private async Task<JournalModel> Fill(PageRequest page, JournalModel model, JournalQuery query, List<JournalEntry> rows)
    {
        var isUpwards = query.After is not null && model.Reason is null;
        var hasMore = rows.Count > PageSize;
        var shown = isUpwards ? rows.TakeLast(PageSize).ToList() : rows.Take(PageSize).ToList();
        return model with
        {
            Rows = shown,
            Names = page.May(Permission.UsersRead) ? await users.FindNames([.. shown.SelectMany(row => new[] { row.UserId, row.ActorId }).OfType<Guid>().Distinct()]) : model.Names,
            Older = model.Reason is not null || (!isUpwards && !hasMore) ? null : shown.Count > 0 ? shown[^1].Seq : query.After + 1,
            Newer = shown.Count > 0 ? shown[0].Seq : query.After ?? Math.Max(0, (query.Before ?? 1) - 1),
            IsNewest = !isUpwards ? query.Before is null : !hasMore,
        };
    }

    private async Task<JournalQuery> Read(PageRequest page, QueryReader reader)
    {
        reader.Text("notice");
        return new JournalQuery(PageSize)
        {
            UserId = await FindUser(page, reader),
            Kind = reader.Text("kind"),
            Since = reader.Time("since"),
            Until = reader.Time("until"),
            Before = reader.Position("before"),
            After = reader.Position("after"),
        };
    }

    /// <summary>An id that nobody has may be that of somebody who is deleted. Names are looked up for whoever may see accounts: others must not find out who has one.</summary>
    private async Task<Guid?> FindUser(PageRequest page, QueryReader reader)
    {
        if (reader.Text("user")?.Trim() is not { Length: > 0 } name) return null;
        if (Guid.TryParse(name, out var id)) return id;
        if (page.May(Permission.UsersRead) && await users.FindNamed(name) is { } user) return user.Id;
        reader.Fault("user", page.May(Permission.UsersRead) ? "Nobody has this name or address. Somebody who is deleted is found by their id." : "Use an id: your roles do not let you see accounts.");
        return null;
    }

    private static long? ReadReason(QueryReader reader, string? reason, ref JournalQuery query)
    {
        if (reason is null || IsLogId(reason)) return null;
        if (!reason.StartsWith("j-", StringComparison.Ordinal) || !long.TryParse(reason.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var seq) || seq > long.MaxValue - Around - 1)
        {
            reader.Fault("reason", "Use an id such as j-4711, or one that begins with r-.");
            return null;
        }
        query = new JournalQuery(PageSize) { After = Math.Max(0, seq - Around - 1), Before = seq + Around + 1 };
        return seq;
    }

    private static bool IsLogId(string? reason) => reason?.StartsWith("r-", StringComparison.Ordinal) is true;
}
