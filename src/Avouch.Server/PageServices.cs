using Avouch.Server.Endpoints.Administration;
using Avouch.Server.Endpoints.Welcome;
using Avouch.Server.Pages;

namespace Avouch.Server;

/// <summary>What pages are made of, and the endpoints that show them.</summary>
internal static class PageServices
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<Brand>().AddSingleton<PageAssets>().AddSingleton<PageRenderer>().AddSingleton<PageForms>().AddSingleton<PageCookies>();
        services.AddSingleton<PageKit>().AddSingleton<FormReceipts>().AddSingleton<PageGuard>().AddSingleton<PageEntry>();
        AddWelcome(services);
        AddAccount(services);
        AddAdmin(services);
    }

    private static void AddWelcome(IServiceCollection services)
    {
        services.AddSingleton<Assets>().AddSingleton<SignInForm>();
    }

    private static void AddAccount(IServiceCollection services)
    {
    }

    private static void AddAdmin(IServiceCollection services)
    {
        services.AddSingleton<Overview>().AddSingleton<JournalExplorer>().AddSingleton<KeyPages>().AddSingleton<MailPages>().AddSingleton<SettingsView>();
    }
}
