using Avouch.Server.Http;
using Avouch.Server.Mail;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Admin;
using Avouch.Server.Roles;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Administration;

/// <summary><c>/admin/mail</c>: what waits, was given up or sent, and one more try.</summary>
internal sealed class MailPages(Outbox outbox, UserAccounts users)
{
    private const int PageSize = 25;

    public Task<IResult> Show(PageRequest page) => Show(page, refusal: null);

    public async Task<IResult> AskRetry(PageRequest page)
    {
        var letter = await Find(page);
        return letter is { State: LetterState.Dead } ? await page.Show<RetryMailPage>(new RetryMailModel(letter, 1)) : await Show(page, letter is null ? Problems.NotFound : Problems.MailNotDead);
    }

    /// <summary>Of one that waits again or was sent meanwhile, nothing is left to do.</summary>
    public async Task<IResult> Retry(PageRequest page)
    {
        if (await Find(page) is not { } letter) return await Show(page, Problems.NotFound);
        return await outbox.Retry(letter.Id, page.User.Id) || letter.State != LetterState.Dead ? page.Go("/admin/mail", "mail-retried") : await Show(page, Problems.MailNotDead);
    }

    public async Task<IResult> AskRetryAll(PageRequest page) => await page.Show<RetryMailPage>(new RetryMailModel(null, (await outbox.Measure()).Dead));

    public async Task<IResult> RetryAll(PageRequest page)
    {
        await outbox.RetryAll(page.User.Id, CancellationToken.None);
        return page.Go("/admin/mail?state=pending", "mail-retried");
    }

    private async Task<IResult> Show(PageRequest page, Problem? refusal)
    {
        var reader = new QueryReader(page.Http.Request.Query);
        reader.Text("notice");
        var word = reader.Text("state") ?? "dead";
        if (word is not ("dead" or "pending" or "sent")) reader.Fault("state", "Use dead, pending or sent.");
        var before = reader.Id("before") ?? Guid.AllBitsSet;
        refusal ??= reader.RefuseFaults();
        var letters = reader.Errors.Count > 0 ? [] : await outbox.ListNewest(StateOf(word), before, PageSize + 1);
        var shown = letters.Take(PageSize).Select(letter => Reach(page, letter)).ToList();
        return await page.Show<MailPage>(new MailModel(word, shown, letters.Count > shown.Count ? shown[^1].Id : null, await outbox.Measure()) { Names = await NamesOf(page, shown) }, refusal);
    }

    private async Task<OutboxLetter?> Find(PageRequest page) => PathId.Find(page.Http) is { } id && await outbox.Find(id) is { } letter ? Reach(page, letter) : null;

    private async Task<IReadOnlyDictionary<Guid, string>> NamesOf(PageRequest page, List<OutboxLetter> letters) =>
        page.May(Permission.UsersRead) ? await users.FindNames([.. letters.Select(letter => letter.UserId).OfType<Guid>().Distinct()]) : new Dictionary<Guid, string>();

    /// <summary>Addresses are whole for whoever may see accounts, as over the API.</summary>
    private static OutboxLetter Reach(PageRequest page, OutboxLetter letter) => page.May(Permission.UsersRead) ? letter : letter.Masked();

    private static LetterState StateOf(string word) => word switch { "pending" => LetterState.Pending, "sent" => LetterState.Sent, _ => LetterState.Dead };
}
