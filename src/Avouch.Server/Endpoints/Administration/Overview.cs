using Avouch.Server.Health;
using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Mail;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Admin;
using Avouch.Server.Passwords;
using Avouch.Server.Roles;
using Avouch.Server.Sessions;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Administration;

/// <summary><c>/admin</c>: how the server fares. Each part is read only for somebody who may see it.</summary>
internal sealed class Overview(
    JournalFigures figures, JournalAlarms alarms, UserAccounts accounts, UserSearch users, SessionCount sessions, Outbox outbox, SigningKeys keys, PasswordHasher passwords, HealthWatch health, TimeProvider time)
{
    private const int AlarmsShown = 5;

    private static readonly TimeSpan AlarmsBack = TimeSpan.FromDays(30);

    private readonly DateTimeOffset started = time.GetUtcNow();

    public async Task<IResult> Show(PageRequest page)
    {
        var isWeek = page.Query("days") == "7";
        var model = new OverviewModel(isWeek, await health.LookAtAll(), new HashLoad(passwords.Lanes, passwords.Busy, passwords.Queued, passwords.QueueCapacity), started);
        if (page.May(Permission.JournalRead)) model = await WithJournal(page, model);
        if (page.May(Permission.UsersRead)) model = model with { Users = await users.Count(), Sessions = sessions.Active };
        if (page.May(Permission.MailRead)) model = model with { Mail = await outbox.Measure() };
        if (page.May(Permission.KeysRead)) model = model with { Keys = new KeysInShort(keys.Current.Signer.Algorithm.ToString(), keys.Current.SigningSince, keys.DueAt) };
        return await page.Show<OverviewPage>(model);
    }

    private async Task<OverviewModel> WithJournal(PageRequest page, OverviewModel model)
    {
        var rows = await alarms.List(time.GetUtcNow() - AlarmsBack, AlarmsShown);
        return model with
        {
            Hours = await figures.Count(model.IsWeek ? JournalFigures.MaxHours : 24),
            Alarms = rows,
            Names = page.May(Permission.UsersRead) ? await accounts.FindNames([.. rows.Select(row => row.UserId).OfType<Guid>().Distinct()]) : model.Names,
        };
    }
}
