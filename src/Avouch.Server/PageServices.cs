using Avouch.Server.Endpoints.Account;
using Avouch.Server.Endpoints.Administration;
using Avouch.Server.Endpoints.Links;
using Avouch.Server.Endpoints.Welcome;
using Avouch.Server.Http;
using Avouch.Server.Pages;

namespace Avouch.Server;

/// <summary>What pages are made of, and the endpoints that show them.</summary>
internal static class PageServices
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<Brand>().AddSingleton<PageAssets>().AddSingleton<PageRenderer>().AddSingleton<PageForms>().AddSingleton<PageCookies>();
        services.AddSingleton<PageKit>().AddSingleton<FormReceipts>().AddSingleton<PageGuard>().AddSingleton<PageEntry>();
        services.AddSingleton<PageOfProblem>(static all => all.GetRequiredService<PageGuard>().Refuse);
        AddWelcome(services);
        AddAccount(services);
        AddAdmin(services);
    }

    private static void AddWelcome(IServiceCollection services)
    {
        services.AddSingleton<Assets>().AddSingleton<Home>().AddSingleton<SignInForm>().AddSingleton<SetupForm>().AddSingleton<SignUpForm>().AddSingleton<ForgotPasswordForm>().AddSingleton<ConfirmForm>();
        services.AddSingleton<ResetPasswordLink>().AddSingleton<VerifyEmailLink>().AddSingleton<ChangeEmailLink>().AddSingleton<UndoEmailChangeLink>();
    }

    private static void AddAccount(IServiceCollection services)
    {
        services.AddSingleton<ProfileForm>().AddSingleton<SecurityForms>().AddSingleton<DeviceList>().AddSingleton<ActivityList>().AddSingleton<OwnAccount>();
    }

    private static void AddAdmin(IServiceCollection services)
    {
        services.AddSingleton<UserList>().AddSingleton<UserView>().AddSingleton<NewUserForm>().AddSingleton<EditUserForm>().AddSingleton<UserRolesForm>();
        services.AddSingleton<UserActForm>().AddSingleton<UsersActForm>().AddSingleton<RoleViews>().AddSingleton<RoleForm>();
        services.AddSingleton<Overview>().AddSingleton<JournalExplorer>().AddSingleton<KeyPages>().AddSingleton<MailPages>().AddSingleton<SettingsView>();
    }
}
