using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Welcome;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Links;

/// <summary><c>/verify-email</c>: the page behind a mailed link that verifies an address.</summary>
internal sealed class VerifyEmailLink(EmailVerification verification)
{
    public async Task<IResult> Send(PageRequest page) => await MailedLink.Answer<VerifyEmailPage>(page, await verification.Confirm(page.Field("token"), page.Caller), Problems.InvalidVerificationToken);
}
