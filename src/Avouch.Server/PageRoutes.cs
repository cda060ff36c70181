using Avouch.Server.Endpoints.Administration;
using Avouch.Server.Endpoints.Welcome;
using Avouch.Server.Http;
using Avouch.Server.Limits;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Account;
using Avouch.Server.Pages.Welcome;
using Avouch.Server.Roles;

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

        Get("/", pages.Open(page => page.Show<HomePage>()));

        Get("/sign-in", pages.Open(SignInForm.Show));
        Post("/sign-in", Limit.SignIn, pages.Open(The<SignInForm>().Send));
        Post("/sign-out", Limit.Account, pages.Open(The<SignInForm>().Leave));
    }

    private void MapAccount(PageGuard pages)
    {
        Get("/account", pages.SignedIn(page => page.Show<ProfilePage>()));
    }

    private void MapAdmin(PageGuard pages)
    {
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
