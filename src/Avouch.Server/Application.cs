using Avouch.Protocol;
using Avouch.ResourceServer;
using Avouch.Server.Data;
using Avouch.Server.Endpoints.Auth;
using Avouch.Server.Endpoints.Health;
using Avouch.Server.Endpoints.Users;
using Avouch.Server.Endpoints.WellKnown;
using Avouch.Server.Http;
using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Passwords;
using Avouch.Server.Sessions;
using Avouch.Server.Settings;
using Avouch.Server.Users;

namespace Avouch.Server;

/// <summary>
/// Puts the server together: opens what it stands on, registers the nouns and the endpoints, maps the routes. When <see cref="Build"/> returns, the
/// keys and everything that has been taken back are loaded, so no request can be answered before that.
/// </summary>
internal static class Application
{
    public static async Task<WebApplication> Build(AvouchSettings settings, Foundation foundation, TimeProvider time, Action<ILoggingBuilder>? logging = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();   // ours are read already, and the default ones watch files
        builder.WebHost.UseUrls([.. settings.Server.Urls]).ConfigureKestrel(HostLimits.Apply);
        builder.Logging.ClearProviders();
        (logging ?? Logs.Configure)(builder.Logging);
        AddSettings(builder.Services, settings);
        AddNouns(builder.Services, foundation, time);
        AddEndpoints(builder.Services);

        var app = builder.Build();
        app.UseMiddleware<Faults>();
        app.UseSwaggerUI(SwaggerPage.Configure);
        app.UseRouting();
        new Routes(app).Map();
        await Load(app.Services, foundation.Database, time);
        return app;
    }

    private static void AddSettings(IServiceCollection services, AvouchSettings settings) => services
        .AddSingleton(settings).AddSingleton(settings.Server).AddSingleton(settings.Tokens).AddSingleton(settings.Sessions)
        .AddSingleton(settings.Passwords).AddSingleton(settings.Journal);

    private static void AddNouns(IServiceCollection services, Foundation foundation, TimeProvider time)
    {
        services.AddSingleton(time).AddSingleton(foundation.Database).AddSingleton(foundation.MasterKey).AddSingleton(foundation.Installation);
        services.AddSingleton<Journal.Journal>().AddSingleton<JournalPurge>();
        services.AddSingleton<SigningKeys>().AddSingleton(foundation.MasterKey.RefreshKey()).AddSingleton(new RefreshKeys(foundation.MasterKey.RefreshKey()));
        services.AddSingleton<Users.Users>().AddSingleton<UserChanges>().AddSingleton<UserCache>();
        services.AddSingleton<PasswordHasher>().AddSingleton<PasswordPolicy>();
        services.AddSingleton<Sessions.Sessions>().AddSingleton<Rotation>().AddSingleton<SignIn>().AddSingleton<FailedSignIns>().AddSingleton<SessionPurge>();
        services.AddSingleton<TokenIssuer>().AddSingleton<Revocations>().AddSingleton<RevocationView>();
        services.AddSingleton(provider => new TokenCheck(
            foundation.Installation.Issuer, foundation.Installation.Issuer, provider.GetRequiredService<SigningKeys>().Current.Ring,
            provider.GetRequiredService<RevocationView>(), time));
        services.AddHostedService<Housekeeping>();
    }

    private static void AddEndpoints(IServiceCollection services)
    {
        services.AddSingleton<Guard>();
        services.AddSingleton<Register>().AddSingleton<Login>().AddSingleton<LoginForm>().AddSingleton<Refresh>().AddSingleton<Logout>();
        services.AddSingleton<ListSessions>().AddSingleton<EndSession>().AddSingleton<Me>();
        services.AddSingleton<Jwks>().AddSingleton<Discovery>().AddSingleton<HealthReport>();
        services.AddOpenApi(OpenApiDocument.Configure);
    }

    private static async Task Load(IServiceProvider services, Database database, TimeProvider time)
    {
        var keys = services.GetRequiredService<SigningKeys>();
        await keys.Load();
        await services.GetRequiredService<Revocations>().Load(database, time.GetUtcNow());
        var check = services.GetRequiredService<TokenCheck>();
        keys.Changed += ring => check.Keys = ring;
        services.GetRequiredService<UserCache>();
    }
}
