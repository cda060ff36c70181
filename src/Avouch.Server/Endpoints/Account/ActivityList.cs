using System.Globalization;
using Avouch.Server.Journal;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Account;
using Avouch.Server.Sessions;

namespace Avouch.Server.Endpoints.Account;

/// <summary><c>/account/activity</c>: what the journal says about oneself, the newest first. Who an administrator is, it does not say.</summary>
internal sealed class ActivityList(JournalSearch journal, UserSessions sessions)
{
    public const int PageSize = 25;

    public async Task<IResult> Show(PageRequest page)
    {
        var before = long.TryParse(page.Query("before"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (long?)null;
        var rows = await journal.List(new JournalQuery(PageSize + 1) { UserId = page.User.Id, Before = before });
        var shown = rows.Take(PageSize).ToList();
        var devices = (await sessions.ListThese(page.User.Id, [.. shown.Select(row => row.SessionId).OfType<Guid>().Distinct()])).ToDictionary(session => session.Id);
        return await page.Show<ActivityPage>(new ActivityModel([.. Fold(shown).Select(Line)], rows.Count > PageSize ? shown[^1].Seq : null, IsFirst: before is null));

        ActivityLine Line((JournalEntry Row, int Count) fold)
        {
            var row = fold.Row;
            var isOfOther = row.ActorId is not null && row.ActorId != page.User.Id;
            var device = fold.Count == 1 && row.SessionId is { } id ? devices.GetValueOrDefault(id) : null;
            return new ActivityLine(row.At, JournalWords.Of(row, page.Language, fold.Count), isOfOther || IsOfDevice(row) ? null : row.Address, device is null ? null : AgentWords.Of(device.Agent));
        }
    }

    /// <summary>Devices that were signed out together are one line.</summary>
    private static List<(JournalEntry Row, int Count)> Fold(List<JournalEntry> rows)
    {
        var lines = new List<(JournalEntry Row, int Count)>();
        foreach (var row in rows)
            if (IsOfDevice(row) && lines is [.., var last] && last.Row is var before && (row.Kind, row.Detail, row.ActorId, row.At) == (before.Kind, before.Detail, before.ActorId, before.At)) lines[^1] = (before, last.Count + 1);
            else lines.Add((row, 1));
        return lines;
    }

    /// <summary>Whether a row is about a device and has the address of whoever signed it out, which would read like that of the device.</summary>
    private static bool IsOfDevice(JournalEntry row) => row.Kind == JournalKind.SessionEnded && row.Detail != EndReason.SignedOut;
}
