using Avouch.Server.Http;
using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Admin;
using Avouch.Server.Roles;
using Avouch.Server.Sessions;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Administration;

/// <summary><c>/admin/users/{id}</c>: everything about one account. What somebody may not see is not read either.</summary>
internal sealed class UserView(Guard guard, UserAccounts users, AccountLocks locks, UserSessions sessions, JournalSearch journal, Outbox outbox)
{
    private const int Rows = 10;

    public async Task<IResult> Show(PageRequest page)
    {
        if (PathId.Find(page.Http) is not { } id || await users.Find(id) is not { } user) return await page.Show<RefusalPage>(refusal: Problems.NotFound);
        var (isLocked, until) = await locks.Find(id);
        var isOwn = id == page.User.Id;
        var rows = page.May(Permission.JournalRead) ? await journal.List(new JournalQuery(Rows) { UserId = id }) : null;
        return await page.Show<UserAccountPage>(new UserModel(user, isOwn, !isOwn && guard.RefuseBeyond(page.Token, user.Roles) is null)
        {
            IsLocked = isLocked,
            LockedUntil = until,
            Sessions = await sessions.List(id),
            Journal = rows,
            Names = rows is null ? new Dictionary<Guid, string>() : await users.FindNames([.. rows.Select(row => row.ActorId).OfType<Guid>().Append(id).Distinct()]),
            Mail = page.May(Permission.MailRead) ? await outbox.ListUnsent(id, Rows) : null,
        });
    }
}
