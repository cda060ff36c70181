using Avouch.Server.Http;
using Avouch.Server.Limits;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Account;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Account;

/// <summary><c>/account</c>: one's own names and language, and the state of the address.</summary>
internal sealed class ProfileForm(UserEdits edits, EmailVerification verification, EmailChange emails, RateLimits limits)
{
    public Task<IResult> Show(PageRequest page) => Render(page, ProfileModel.Of(page.User));

    /// <summary>Where a form was sent to, and somebody comes back after signing in: its page.</summary>
    public static Task<IResult> Return(PageRequest page) => Task.FromResult(page.Go("/account"));

    public async Task<IResult> Send(PageRequest page)
    {
        var errors = new Dictionary<string, string[]>();
        var edit = ProfileRules.Read(page.Given, errors);
        var typed = new ProfileModel(page.Given("username"), page.Given("full_name"), page.Given("locale"));
        if (errors.Count > 0) return await Render(page, typed, Problems.Invalid(errors));
        var edited = await edits.Apply(page.User.Id, edit, actor: null);
        return ProfileRules.Refuse(edited) is { } refusal ? await Render(page, typed, refusal) : page.Go("/account", "saved");
    }

    /// <summary>Mails the link once more. Nothing is mailed where the address is verified by now.</summary>
    public async Task<IResult> MailLink(PageRequest page)
    {
        var taken = limits.Take(Limit.Verification, $"{page.User.Id:N}");
        if (!taken.IsAllowed) return await Render(page, ProfileModel.Of(page.User), Problems.TooManyRequests(taken));
        await verification.Request(page.User.Id, page.Caller);
        return page.Go("/account", "link-mailed");
    }

    private async Task<IResult> Render(PageRequest page, ProfileModel model, Problem? refusal = null) =>
        await page.Show<ProfilePage>(model with { Pending = await emails.FindPending(page.User.Id) }, refusal);
}
