using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Account;
using Avouch.Server.Settings;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Account;

/// <summary><c>/account/security</c>: another address, another password. Both ask for the password that counts.</summary>
internal sealed class SecurityForms(EmailChange emails, PasswordChange passwords, LimitSettings limits)
{
    /// <summary>The two forms stand on one page, so one of the two fields for the same password has another name.</summary>
    public const string EmailPassword = "email_password";

    public Task<IResult> Show(PageRequest page) => Render(page, new SecurityModel());

    /// <summary>Where a form was sent to, and somebody comes back after signing in: its page.</summary>
    public static Task<IResult> Return(PageRequest page) => Task.FromResult(page.Go("/account/security"));

    public async Task<IResult> SendEmail(PageRequest page)
    {
        var (email, password) = (page.Field("new_email"), page.Field(EmailPassword));
        var errors = EmailChange.FindFaults(email, password);
        if (errors.Remove("current_password", out var fault)) errors[EmailPassword] = fault;
        if (errors.Count > 0) return await Refuse(Problems.Invalid(errors));
        var result = await emails.Request(page.User.Id, email, password, page.Caller, CancellationToken.None);
        return ProofProblems.Find(result) is { } refusal ? await Refuse(refusal) : page.Go("/account/security", "new-address-mailed");

        Task<IResult> Refuse(Problem problem) => Render(page, new SecurityModel { NewEmail = email.Trim() }, PageSentences.Mark(problem, EmailPassword));
    }

    /// <summary>Pressed twice, or too late, it is done as well: nothing waits.</summary>
    public async Task<IResult> CancelEmail(PageRequest page)
    {
        await emails.Cancel(page.User.Id);
        return page.Go("/account/security", "email-change-cancelled");
    }

    public async Task<IResult> SendPassword(PageRequest page)
    {
        var (current, wanted) = (page.Field("current_password"), page.Field("new_password"));
        var keeps = page.Has("keep_other_sessions");
        var errors = NewPasswordOf.FindFaults(current, wanted);
        if (errors.Count > 0) return await Refuse(Problems.Invalid(errors));
        var change = new NewPasswordOf(page.User.Id, page.Visitor.Session.Id, current, wanted, keeps) { Device = page.Device.Token };
        var result = await passwords.Run(change, page.Caller, CancellationToken.None);
        if (ProofProblems.Find(result) is { } refusal) return await Refuse(refusal);
        if (result.Device is { } device) CookieMode.KeepDevice(page.Http, device, limits.DeviceLifetime);
        return page.Go("/account/security", keeps ? "password-changed" : "password-changed-others-out");

        Task<IResult> Refuse(Problem problem) => Render(page, new SecurityModel { KeepsSessions = keeps, IsAboutPassword = true }, PageSentences.Mark(problem, "current_password"));
    }

    private async Task<IResult> Render(PageRequest page, SecurityModel model, Problem? refusal = null) =>
        await page.Show<SecurityPage>(model with { Pending = await emails.FindPending(page.User.Id) }, refusal);
}
