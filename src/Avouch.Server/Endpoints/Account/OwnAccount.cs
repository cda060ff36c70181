using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Account;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Account;

/// <summary><c>/account/data</c>: taking one's data, shutting the account, deleting it. Afterwards there is no session.</summary>
internal sealed class OwnAccount(PersonalData data, UserChanges changes, CurrentPassword current, OwnDeletion deletion)
{
    private const string Password = "current_password";

    private static Problem Missing => Problems.Invalid(Password, "The current password is needed.");

    public static Task<IResult> Show(PageRequest page) => page.Show<DataPage>();

    public Task<IResult> Download(PageRequest page) => Task.FromResult(OwnDataFile.Of(page.Http, page.User, data));

    public static Task<IResult> AskDeactivation(PageRequest page) => page.Show<DeactivatePage>();

    /// <summary>Only an administrator can reverse it, so it asks for the password as a deletion does.</summary>
    public async Task<IResult> Deactivate(PageRequest page)
    {
        var password = page.Field(Password);
        if (password.Length == 0) return await page.Show<DeactivatePage>(refusal: Missing);
        var (owner, proof) = await current.Verify(page.User.Id, password, page.Caller, CancellationToken.None);
        if (owner is null) return await page.Show<DeactivatePage>(refusal: PageSentences.Mark(ProofProblems.Find(proof)!, Password));
        return await changes.Disable(page.User.Id, keepsAnAdmin: true) == UserChange.LastAdmin
            ? await page.Show<DeactivatePage>(refusal: Problems.LastAdmin)
            : Leave(page, "deactivated");
    }

    public static Task<IResult> AskDeletion(PageRequest page) => page.Show<DeletePage>();

    public async Task<IResult> Delete(PageRequest page)
    {
        var password = page.Field(Password);
        if (password.Length == 0) return await page.Show<DeletePage>(refusal: Missing);
        var (proof, change) = await deletion.Run(page.User.Id, password, page.Caller, CancellationToken.None);
        var refusal = ProofProblems.Find(proof) ?? (change == UserChange.LastAdmin ? Problems.LastAdmin : null);
        return refusal is null ? Leave(page, "deleted") : await page.Show<DeletePage>(refusal: PageSentences.Mark(refusal, Password));
    }

    public static Task<IResult> SayGoodbye(PageRequest page) => page.Show<GoodbyePage>();

    private static IResult Leave(PageRequest page, string notice)
    {
        PageCookies.ClearSession(page.Http);
        return page.Go("/goodbye", notice);
    }
}
