using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Welcome;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Links;

/// <summary><c>/change-email</c>: the page behind a mailed link that confirms a new address.</summary>
internal sealed class ChangeEmailLink(EmailChange change)
{
    public async Task<IResult> Send(PageRequest page) => await MailedLink.Answer<ChangeEmailPage>(page, await change.Confirm(page.Field("token"), page.Caller), Problems.InvalidEmailChangeToken);
}
