using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Links;

/// <summary><c>/reset-password</c>: the page behind a mailed link that sets a new password.</summary>
internal sealed class ResetPasswordLink(PasswordReset reset)
{
    private const string Path = "reset-password";

    [ExcludeFromDescription]
    public static Task<IResult> Open(HttpContext http)
    {
        var texts = PageTexts.For(http);
        return Task.FromResult<IResult>(MailedLink.Open(http, texts.Reset, token => LinkPages.PasswordForm(texts, Path, token)));
    }

    /// <summary>A password that is refused, or a full queue, leads back to the form with the secret still in it.</summary>
    [ExcludeFromDescription]
    public Task<IResult> Send(HttpContext http)
    {
        var texts = PageTexts.For(http);
        return MailedLink.Send(http, texts.Reset, async sent =>
        {
            var result = await reset.Confirm(sent.Token, sent.NewPassword, ClientCaller.Of(http), http.RequestAborted);
            return result.Outcome switch
            {
                ProofOutcome.WeakPassword => LinkPages.PasswordForm(texts, Path, sent.Token, texts.Explain(result.Fault), StatusCodes.Status422UnprocessableEntity),
                ProofOutcome.Busy => LinkPages.PasswordForm(texts, Path, sent.Token, texts.Busy, StatusCodes.Status503ServiceUnavailable) with { RetryAfter = result.RetryAfter },
                _ => LinkPages.Answer(texts, texts.Reset, result),
            };
        });
    }
}
