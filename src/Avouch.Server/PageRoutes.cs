using Avouch.Server.Endpoints.Links;
using Avouch.Server.Endpoints.Welcome;
using Avouch.Server.Http;
using Avouch.Server.Limits;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Account;
using Avouch.Server.Pages.Admin;
using Avouch.Server.Pages.Welcome;

namespace Avouch.Server;

/// <summary>Every page for people on one screen, with the limit and the guard that stand in front of it.</summary>
internal sealed class PageRoutes(Routes routes)
{
    public void Map()
    {
        var pages = The<PageGuard>();
        MapWelcome(pages);
        MapAccount(pages);
        MapAdmin(pages);
    }

    private void MapWelcome(PageGuard pages)
    {
        Get("/assets/{name}", Guard.Open(The<Assets>().Handle));

        Get("/", pages.Open(The<Home>().Show));

        Get("/sign-up", pages.Open(SignUpForm.Show));
        Post("/sign-up", Limit.Register, pages.Open(The<SignUpForm>().Send, SignUpForm.Refuse));
        Get("/sign-up/sent", pages.Open(SignUpForm.ShowSent));
        Get("/sign-in", pages.Open(SignInForm.Show));
        Post("/sign-in", Limit.SignIn, pages.Open(The<SignInForm>().Send, SignInForm.Refuse));
        Post("/sign-out", Limit.Account, pages.Open(The<SignInForm>().Leave, SignInForm.RefuseToLeave));
        Get("/confirm", pages.SignedIn(The<ConfirmForm>().Show));
        Post("/confirm", Limit.Account, pages.SignedIn(The<ConfirmForm>().Send));
        Get("/forgot-password", pages.Open(ForgotPasswordForm.Show));
        Post("/forgot-password", Limit.ResetFromNetwork, pages.Open(The<ForgotPasswordForm>().Send, ForgotPasswordForm.Refuse));
        Get("/forgot-password/sent", pages.Open(ForgotPasswordForm.ShowSent));

        MapLink<ResetPasswordPage>("/reset-password", Problems.InvalidResetToken, The<ResetPasswordLink>().Send);
        MapLink<VerifyEmailPage>("/verify-email", Problems.InvalidVerificationToken, The<VerifyEmailLink>().Send);
        MapLink<ChangeEmailPage>("/change-email", Problems.InvalidEmailChangeToken, The<ChangeEmailLink>().Send);
        MapLink<UndoEmailChangePage>("/undo-email-change", Problems.InvalidUndoToken, The<UndoEmailChangeLink>().Send);

        void MapLink<TPage>(string path, Problem invalid, PageHandler send) where TPage : PageView
        {
            Get(path, pages.OpenLink(page => MailedLink.Open<TPage>(page, invalid), MailedLink.Refuse<TPage>));   // shows a button and changes nothing
            Post(path, Limit.MailedSecret, pages.OpenLink(send, MailedLink.Refuse<TPage>));
            Get(path + "/done", pages.Open(MailedLink.ShowDone<TPage>));
        }
    }

    private void MapAccount(PageGuard pages)
    {
        Get("/account", pages.SignedIn(page => page.Show<ProfilePage>()));
    }

    private void MapAdmin(PageGuard pages)
    {
        Get("/admin", pages.Administrative(page => page.Show<OverviewPage>()));
    }

    private T The<T>() where T : notnull => routes.The<T>();

    private void Get(string path, GuardedHandler handler) => routes.Get(path, handler);

    private void Post(string path, Limit limit, GuardedHandler handler) => routes.Post(path, limit, handler);
}
