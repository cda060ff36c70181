using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Links;

/// <summary><c>/undo-email-change</c>: the page behind a mailed link that brings the old address back.</summary>
internal sealed class UndoEmailChangeLink(EmailUndo undo)
{
    private const string Path = "undo-email-change";

    [ExcludeFromDescription]
    public static Task<IResult> Open(HttpContext http)
    {
        var texts = PageTexts.For(http);
        return Task.FromResult<IResult>(MailedLink.Open(http, texts.Undo, Problems.InvalidUndoToken, token => LinkPages.Form(texts, texts.Undo, Path, token)));
    }

    /// <summary>How a limit in front of the button looks.</summary>
    public static Task<IResult> Refuse(HttpContext http, Problem problem) => Task.FromResult<IResult>(LinkPages.TooMany(PageTexts.For(http), PageTexts.For(http).Undo, problem));

    [ExcludeFromDescription]
    public Task<IResult> Send(HttpContext http)
    {
        var texts = PageTexts.For(http);
        return MailedLink.Send(http, texts.Undo, async sent => LinkPages.Answer(texts, texts.Undo, await undo.Run(sent.Token, ClientCaller.Of(http)), Problems.InvalidUndoToken));
    }
}
