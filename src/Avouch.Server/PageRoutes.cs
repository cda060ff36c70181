using Avouch.Server.Endpoints.Account;
using Avouch.Server.Endpoints.Welcome;
using Avouch.Server.Http;
using Avouch.Server.Limits;
using Avouch.Server.Pages;
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

        Get("/", pages.Open(page => page.Show<HomePage>()));

        Get("/sign-in", pages.Open(SignInForm.Show));
        Post("/sign-in", Limit.SignIn, pages.Open(The<SignInForm>().Send));
        Post("/sign-out", Limit.Account, pages.Open(The<SignInForm>().Leave));
    }

    private void MapAccount(PageGuard pages)
    {
        Get("/account", pages.SignedIn(ProfileForm.Show));
        Post("/account", Limit.Account, pages.Verified(The<ProfileForm>().Send));
        Get("/account/verification", pages.SignedIn(ProfileForm.Return));
        Post("/account/verification", Limit.Account, pages.SignedIn(The<ProfileForm>().MailLink));

        Get("/account/security", pages.SignedIn(SecurityForms.Show));
        Get("/account/security/email", pages.SignedIn(SecurityForms.Return));
        Post("/account/security/email", Limit.Account, pages.SignedIn(The<SecurityForms>().SendEmail));   // asks for the password
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
