using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Passwords;
using Avouch.Server.Settings;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Links;

/// <summary><c>/reset-password</c>: the page behind a mailed link that sets a new password.</summary>
internal sealed class ResetPasswordLink(PasswordReset reset, LimitSettings limits)
{
    private const string Path = "reset-password";

    [ExcludeFromDescription]
    public static Task<IResult> Open(HttpContext http)
    {
        var texts = PageTexts.For(http);
        return Task.FromResult<IResult>(MailedLink.Open(http, texts.Reset, Problems.InvalidResetToken, token => LinkPages.PasswordForm(texts, Path, token)));
    }

    /// <summary>How a limit in front of the button looks.</summary>
    public static Task<IResult> Refuse(HttpContext http, Problem problem) => Task.FromResult<IResult>(LinkPages.TooMany(PageTexts.For(http), PageTexts.For(http).Reset, problem));

    /// <summary>A password that is refused, or a full queue, leads back to the form with the secret still in it.</summary>
    [ExcludeFromDescription]
    public Task<IResult> Send(HttpContext http)
    {
        var texts = PageTexts.For(http);
        return MailedLink.Send(http, texts.Reset, async sent =>
        {
            var result = await reset.Confirm(sent.Token, sent.NewPassword, ClientCaller.Of(http), http.RequestAborted);
            if (result.Device is { } device) CookieMode.KeepDevice(http, device, limits.DeviceLifetime);
            return result.Outcome switch
            {
                ProofOutcome.WeakPassword => LinkPages.PasswordForm(texts, Path, sent.Token, texts.Explain(result.Fault), Problems.Invalid("new_password", PasswordPolicy.Explain(result.Fault)!)),
                ProofOutcome.Busy => LinkPages.PasswordForm(texts, Path, sent.Token, texts.Busy, Problems.Busy(result.RetryAfter)),
                _ => LinkPages.Answer(texts, texts.Reset, result, Problems.InvalidResetToken),
            };
        });
    }
}
