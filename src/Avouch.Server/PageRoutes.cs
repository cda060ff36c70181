using Avouch.Server.Endpoints.Account;
using Avouch.Server.Endpoints.Administration;
using Avouch.Server.Endpoints.Links;
using Avouch.Server.Endpoints.Welcome;
using Avouch.Server.Http;
using Avouch.Server.Limits;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Admin;
using Avouch.Server.Pages.Welcome;
using Avouch.Server.Roles;
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

        Get(SetupLink.Path, pages.Open(SetupForm.Show));   // printed at the start of a server without an administrator
        Post(SetupLink.Path, Limit.MailedSecret, pages.Open(The<SetupForm>().Send));

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

        MapLink<ResetPasswordPage>("/reset-password", The<ResetPasswordLink>().Show, The<ResetPasswordLink>().Send);
        MapButton<VerifyEmailPage>("/verify-email", Problems.InvalidVerificationToken, The<VerifyEmailLink>().Send);
        MapButton<ChangeEmailPage>("/change-email", Problems.InvalidEmailChangeToken, The<ChangeEmailLink>().Send);
        MapButton<UndoEmailChangePage>("/undo-email-change", Problems.InvalidUndoToken, The<UndoEmailChangeLink>().Send);

        void MapButton<TPage>(string path, Problem invalid, PageHandler send) where TPage : PageView => MapLink<TPage>(path, page => MailedLink.Open<TPage>(page, invalid), send);

        void MapLink<TPage>(string path, PageHandler show, PageHandler send) where TPage : PageView
        {
            Get(path, pages.OpenLink(show, MailedLink.Refuse<TPage>));   // shows a button and changes nothing
            Post(path, Limit.MailedSecret, pages.OpenLink(send, MailedLink.Refuse<TPage>));
            Get(path + "/done", pages.Open(MailedLink.ShowDone<TPage>));
        }
    }

    private void MapAccount(PageGuard pages)
    {
        Get("/account", pages.SignedIn(The<ProfileForm>().Show));
        Post("/account", Limit.Account, pages.Verified(The<ProfileForm>().Send));
        Get("/account/verification", pages.SignedIn(ProfileForm.Return));
        Post("/account/verification", Limit.Account, pages.SignedIn(The<ProfileForm>().MailLink));

        Get("/account/security", pages.SignedIn(The<SecurityForms>().Show));
        Get("/account/security/email", pages.SignedIn(SecurityForms.Return));
        Post("/account/security/email", Limit.Account, pages.SignedIn(The<SecurityForms>().SendEmail));   // asks for the password
        Get("/account/security/email/cancel", pages.SignedIn(SecurityForms.Return));
        Post("/account/security/email/cancel", Limit.Account, pages.SignedIn(The<SecurityForms>().CancelEmail));
        Get("/account/security/password", pages.SignedIn(SecurityForms.Return));
        Post("/account/security/password", Limit.Account, pages.SignedIn(The<SecurityForms>().SendPassword));   // the same

        Get("/account/devices", pages.SignedIn(The<DeviceList>().Show));
        Get("/account/devices/end", pages.SignedIn(DeviceList.Return));
        Post("/account/devices/end", Limit.Account, pages.SignedIn(The<DeviceList>().End));
        Get("/account/devices/end-others", pages.SignedIn(DeviceList.Return));
        Post("/account/devices/end-others", Limit.Account, pages.SignedIn(The<DeviceList>().EndOthers));
        Get("/account/activity", pages.SignedIn(The<ActivityList>().Show));

        Get("/account/data", pages.SignedIn(OwnAccount.Show));
        Get("/account/data/download", pages.SignedIn(The<OwnAccount>().Download));
        Get("/account/deactivate", pages.SignedIn(OwnAccount.AskDeactivation));
        Post("/account/deactivate", Limit.Account, pages.SignedIn(The<OwnAccount>().Deactivate));   // asks for the password
        Get("/account/delete", pages.SignedIn(OwnAccount.AskDeletion));
        Post("/account/delete", Limit.Account, pages.SignedIn(The<OwnAccount>().Delete));   // the same
        Get("/goodbye", pages.Open(OwnAccount.SayGoodbye));
    }

    private void MapAdmin(PageGuard pages)
    {
        MapUsers(pages);
        MapRoles(pages);
    }

    private void MapUsers(PageGuard pages)
    {
        Get("/admin/users", pages.Permitted(Permission.UsersRead, The<UserList>().Show));
        Get("/admin/users/new", pages.PermittedLately(Permission.UsersWrite, The<NewUserForm>().Show));
        Post("/admin/users/new", Limit.Account, pages.PermittedLately(Permission.UsersWrite, The<NewUserForm>().Send));
        Get("/admin/users/{id}", pages.Permitted(Permission.UsersRead, The<UserView>().Show));
        Get("/admin/users/{id}/edit", pages.PermittedLately(Permission.UsersWrite, The<EditUserForm>().Show));
        Post("/admin/users/{id}/edit", Limit.Account, pages.PermittedLately(Permission.UsersWrite, The<EditUserForm>().Send));
        Get("/admin/users/{id}/roles", pages.PermittedLately(Permission.RolesWrite, The<UserRolesForm>().Show));
        Post("/admin/users/{id}/roles", Limit.Account, pages.PermittedLately(Permission.RolesWrite, The<UserRolesForm>().Send));

        MapAct(pages, "disable", Permission.UsersWrite, UserAct.Disable, isForMany: true);
        MapAct(pages, "enable", Permission.UsersWrite, UserAct.Enable, isForMany: true);
        MapAct(pages, "unlock", Permission.UsersWrite, UserAct.Unlock);
        MapAct(pages, "delete", Permission.UsersWrite, UserAct.Delete, isForMany: true);
        MapAct(pages, "reset", Permission.UsersRecover, UserAct.SendReset, isForMany: true);
        MapAct(pages, "sessions/end", Permission.SessionsWrite, UserAct.EndSessions, isForMany: true);
        MapAct(pages, "sessions/{session}/end", Permission.SessionsWrite, UserAct.EndSession);
    }

    /// <summary>A page that says what will happen and to whom, and its button: for one account, and for those that are ticked in the list.</summary>
    private void MapAct(PageGuard pages, string path, string permission, UserAct act, bool isForMany = false)
    {
        Get($"/admin/users/{{id}}/{path}", pages.PermittedLately(permission, page => The<UserActForm>().Show(page, act)));
        Post($"/admin/users/{{id}}/{path}", Limit.Account, pages.PermittedLately(permission, page => The<UserActForm>().Send(page, act)));
        if (!isForMany) return;
        Get($"/admin/users/{path}", pages.PermittedLately(permission, page => The<UsersActForm>().Show(page, act)));
        Post($"/admin/users/{path}", Limit.Account, pages.PermittedLately(permission, page => The<UsersActForm>().Send(page, act)));
    }

    private void MapRoles(PageGuard pages)
    {
        Get("/admin/roles", pages.Permitted(Permission.RolesRead, The<RoleViews>().ShowAll));
        Get("/admin/roles/{name}", pages.Permitted(Permission.RolesRead, The<RoleViews>().Show));
        Get("/admin/new-role", pages.PermittedLately(Permission.RolesWrite, RoleForm.ShowNew));   // a role may be called `new`
        Post("/admin/new-role", Limit.Account, pages.PermittedLately(Permission.RolesWrite, The<RoleForm>().Add));
        Get("/admin/roles/{name}/edit", pages.PermittedLately(Permission.RolesWrite, The<RoleForm>().Show));
        Post("/admin/roles/{name}/edit", Limit.Account, pages.PermittedLately(Permission.RolesWrite, The<RoleForm>().Send));
        Get("/admin/roles/{name}/delete", pages.PermittedLately(Permission.RolesWrite, The<RoleForm>().AskDelete));
        Post("/admin/roles/{name}/delete", Limit.Account, pages.PermittedLately(Permission.RolesWrite, The<RoleForm>().Delete));
        Get("/admin", pages.Administrative(The<Overview>().Show));

        Get("/admin/journal", pages.Permitted(Permission.JournalRead, The<JournalExplorer>().Show));
        Get("/admin/journal/download", pages.Permitted(Permission.JournalRead, The<JournalExplorer>().Download));

        Get("/admin/keys", pages.Permitted(Permission.KeysRead, The<KeyPages>().Show));
        Get("/admin/keys/rotate", pages.PermittedLately(Permission.KeysWrite, The<KeyPages>().AskRotate));
        Post("/admin/keys/rotate", Limit.Account, pages.PermittedLately(Permission.KeysWrite, The<KeyPages>().Rotate));
        Get("/admin/keys/{kid}/withdraw", pages.PermittedLately(Permission.KeysWrite, The<KeyPages>().AskWithdraw));
        Post("/admin/keys/{kid}/withdraw", Limit.Account, pages.PermittedLately(Permission.KeysWrite, The<KeyPages>().Withdraw));

        Get("/admin/mail", pages.Permitted(Permission.MailRead, The<MailPages>().Show));
        Get("/admin/mail/retry", pages.PermittedLately(Permission.MailWrite, The<MailPages>().AskRetryAll));
        Post("/admin/mail/retry", Limit.Account, pages.PermittedLately(Permission.MailWrite, The<MailPages>().RetryAll));
        Get("/admin/mail/{id}/retry", pages.PermittedLately(Permission.MailWrite, The<MailPages>().AskRetry));
        Post("/admin/mail/{id}/retry", Limit.Account, pages.PermittedLately(Permission.MailWrite, The<MailPages>().Retry));

        Get("/admin/settings", pages.Permitted(Permission.SettingsRead, The<SettingsView>().Show));
    }

    private T The<T>() where T : notnull => routes.The<T>();

    private void Get(string path, GuardedHandler handler) => routes.Get(path, handler);

    private void Post(string path, Limit limit, GuardedHandler handler) => routes.Post(path, limit, handler);
}
