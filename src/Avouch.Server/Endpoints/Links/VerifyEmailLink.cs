using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Links;

/// <summary><c>/verify-email</c>: the page behind a mailed link that verifies an address.</summary>
internal sealed class VerifyEmailLink(EmailVerification verification)
{
    private const string Path = "verify-email";

    [ExcludeFromDescription]
    public static Task<IResult> Open(HttpContext http)
    {
        var texts = PageTexts.For(http);
        return Task.FromResult<IResult>(MailedLink.Open(http, texts.Verify, Problems.InvalidVerificationToken, token => LinkPages.Form(texts, texts.Verify, Path, token)));
    }

    /// <summary>How a limit in front of the button looks.</summary>
    public static Task<IResult> Refuse(HttpContext http, Problem problem) => Task.FromResult<IResult>(LinkPages.TooMany(PageTexts.For(http), PageTexts.For(http).Verify, problem));

    [ExcludeFromDescription]
    public Task<IResult> Send(HttpContext http)
    {
        var texts = PageTexts.For(http);
        return MailedLink.Send(http, texts.Verify, async sent => LinkPages.Answer(texts, texts.Verify, await verification.Confirm(sent.Token, ClientCaller.Of(http)), Problems.InvalidVerificationToken));
    }
}
