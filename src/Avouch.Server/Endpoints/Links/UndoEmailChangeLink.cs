using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Welcome;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Links;

/// <summary><c>/undo-email-change</c>: the page behind a mailed link that brings the old address back.</summary>
internal sealed class UndoEmailChangeLink(EmailUndo undo)
{
    public async Task<IResult> Send(PageRequest page) => await MailedLink.Answer<UndoEmailChangePage>(page, await undo.Run(page.Field("token"), page.Caller), Problems.InvalidUndoToken);
}
