using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Welcome;
using Avouch.Server.Passwords;
using Avouch.Server.Settings;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Links;

/// <summary><c>/reset-password</c>: the page behind a mailed link that sets a new password.</summary>
internal sealed class ResetPasswordLink(PasswordReset reset, LimitSettings limits)
{
    /// <summary>A secret that is dead is told at once, and not after somebody has thought of a password. It is looked at and not used up, so scanners may look.</summary>
    public async Task<IResult> Show(PageRequest page) =>
        page.Query("token") is { } text && ProofToken.Read(text) is { } token && await reset.IsAlive(token)
            ? await page.Show<ResetPasswordPage>(new LinkModel(text))
            : await page.Show<ResetPasswordPage>(LinkModel.None, Problems.InvalidResetToken);

    /// <summary>A password that is refused, or a full queue, leads back to the form with the secret still in it.</summary>
    public async Task<IResult> Send(PageRequest page)
    {
        var token = page.Field("token");
        var result = await reset.Confirm(token, page.Field("new_password"), page.Caller, CancellationToken.None);
        if (result.Device is { } device) CookieMode.KeepDevice(page.Http, device, limits.DeviceLifetime);
        return result.Outcome == ProofOutcome.WeakPassword
            ? await page.Show<ResetPasswordPage>(new LinkModel(token), Problems.Invalid("new_password", PasswordPolicy.Explain(result.Fault)!))
            : await MailedLink.Answer<ResetPasswordPage>(page, result, Problems.InvalidResetToken);
    }
}
