using Avouch.Server.Endpoints.Account;
using Avouch.Server.Endpoints.Links;
using Avouch.Server.Endpoints.Welcome;
using Avouch.Server.Http;
using Avouch.Server.Limits;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Admin;
using Avouch.Server.Pages.Welcome;
using Avouch.Server.Users;

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

        Get(SetupLink.Path, pages.OpenLink(SetupForm.Show));   // printed at the start of a server without an administrator
        Post(SetupLink.Path, Limit.MailedSecret, pages.OpenLink(The<SetupForm>().Send));

        Get("/sign-up", pages.Open(SignUpForm.Show));
        Post("/sign-up", Limit.Register, pages.Open(The<SignUpForm>().Send, SignUpForm.Refuse));
        Get("/sign-up/sent", pages.Open(SignUpForm.ShowSent));
        Get("/sign-in", pages.Open(SignInForm.Show));
        Post("/sign-in", Limit.SignIn, pages.Open(The<SignInForm>().Send, SignInForm.Refuse));
        Post("/sign-out", Limit.Account, pages.Open(The<SignInForm>().Leave));
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
        Get("/account", pages.SignedIn(ProfileForm.Show));
        Post("/account", Limit.Account, pages.Verified(The<ProfileForm>().Send));
        Post("/account/verification", Limit.Account, pages.SignedIn(The<ProfileForm>().MailLink));

        Get("/account/security", pages.SignedIn(SecurityForms.Show));
        Post("/account/security/email", Limit.Account, pages.SignedIn(The<SecurityForms>().SendEmail));   // asks for the password
        Post("/account/security/password", Limit.Account, pages.SignedIn(The<SecurityForms>().SendPassword));   // the same

        Get("/account/devices", pages.SignedIn(The<DeviceList>().Show));
        Post("/account/devices/end", Limit.Account, pages.SignedIn(The<DeviceList>().End));
        Post("/account/devices/end-others", Limit.Account, pages.SignedIn(The<DeviceList>().EndOthers));
        Get("/account/activity", pages.SignedIn(The<ActivityList>().Show));

        Get("/account/data", pages.SignedIn(OwnAccount.Show));
        Get("/account/data/download", pages.SignedIn(The<OwnAccount>().Download));
        Get("/account/deactivate", pages.SignedInLately(OwnAccount.AskDeactivation));
        Post("/account/deactivate", Limit.Account, pages.SignedInLately(The<OwnAccount>().Deactivate));
        Get("/account/delete", pages.SignedIn(OwnAccount.AskDeletion));
        Post("/account/delete", Limit.Account, pages.SignedIn(The<OwnAccount>().Delete));   // asks for the password
        Get("/goodbye", pages.Open(OwnAccount.SayGoodbye));
    }

    private void MapAdmin(PageGuard pages)
    {
        Get("/admin", pages.Administrative(page => page.Show<OverviewPage>()));
    }

    private T The<T>() where T : notnull => routes.The<T>();

    private void Get(string path, GuardedHandler handler) => routes.Get(path, handler);

    private void Post(string path, Limit limit, GuardedHandler handler) => routes.Post(path, limit, handler);
}
