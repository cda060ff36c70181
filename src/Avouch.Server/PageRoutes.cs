using Avouch.Server.Endpoints.Welcome;
using Avouch.Server.Http;
using Avouch.Server.Limits;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Account;
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

        Get("/", pages.Open(page => page.Show<HomePage>()));

        Get(SetupLink.Path, pages.OpenLink(SetupForm.Show));   // printed at the start of a server without an administrator
        Post(SetupLink.Path, Limit.MailedSecret, pages.OpenLink(The<SetupForm>().Send));

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
        Get("/admin", pages.Administrative(page => page.Show<OverviewPage>()));
    }

    private T The<T>() where T : notnull => routes.The<T>();

    private void Get(string path, GuardedHandler handler) => routes.Get(path, handler);

    private void Post(string path, Limit limit, GuardedHandler handler) => routes.Post(path, limit, handler);
}
