using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Links;

/// <summary><c>/change-email</c>: the page behind a mailed link that confirms a new address.</summary>
internal sealed class ChangeEmailLink(EmailChange change)
{
    private const string Path = "change-email";

    [ExcludeFromDescription]
    public static Task<IResult> Open(HttpContext http)
    {
        var texts = PageTexts.For(http);
        return Task.FromResult<IResult>(MailedLink.Open(http, texts.Change, Problems.InvalidEmailChangeToken, token => LinkPages.Form(texts, texts.Change, Path, token)));
    }

    /// <summary>How a limit in front of the button looks.</summary>
    public static Task<IResult> Refuse(HttpContext http, Problem problem) => Task.FromResult<IResult>(LinkPages.TooMany(PageTexts.For(http), PageTexts.For(http).Change, problem));

    [ExcludeFromDescription]
    public Task<IResult> Send(HttpContext http)
    {
        var texts = PageTexts.For(http);
        return MailedLink.Send(http, texts.Change, async sent => LinkPages.Answer(texts, texts.Change, await change.Confirm(sent.Token, ClientCaller.Of(http)), Problems.InvalidEmailChangeToken));
    }
}
