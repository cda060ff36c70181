using System.Text.Json;
using Avouch.ResourceServer;
using Avouch.Server.Cli;
using Avouch.Server.Endpoints.Admin;
using Avouch.Server.Endpoints.Auth;
using Avouch.Server.Endpoints.Development;
using Avouch.Server.Endpoints.Health;
using Avouch.Server.Endpoints.Operations;
using Avouch.Server.Endpoints.Users;
using Avouch.Server.Endpoints.WellKnown;
using Avouch.Server.Health;
using Avouch.Server.Http;
using Avouch.Server.Keys;
using Avouch.Server.Logging;
using Avouch.Server.Mail;
using Avouch.Server.Metrics;
using Avouch.Server.Passwords;
using Avouch.Server.Roles;
using Avouch.Server.Sessions;
using Avouch.Server.Settings;
using Avouch.Server.Tls;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Avouch.Server;

/// <summary>
/// Puts the server together: the nouns, the endpoints, the routes. When <see cref="Build"/> returns, the keys and everything that has been taken
/// back are loaded, so no request can be answered before that.
/// </summary>
internal static class Application
{
    /// <summary>What requests have to end in when the server is told to stop; then they are cut off. Less than the ten seconds that containers are given.</summary>
    private static readonly TimeSpan TimeToFinish = TimeSpan.FromSeconds(5);

    /// <param name="replace">Last word on what the server is made of.</param>
    public static async Task<WebApplication> Build(AvouchSettings settings, Foundation foundation, TimeProvider time, Action<ILoggingBuilder>? logging = null, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().UseUrls([.. settings.Server.Urls]).ConfigureKestrel(HostLimits.Apply).ConfigureKestrel(Opening.Guard);
        TlsRules.Use(builder, settings.Server);
        (logging ?? (builder => Logs.Configure(builder, settings.Logs)))(builder.Logging);
        builder.Services.AddAvouch(settings, foundation, time);
        builder.Services.AddRoutingCore();
        AddEndpoints(builder.Services);
        if (settings.Http.DocsEnabled) AddDocuments(builder.Services);
        builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = TimeToFinish);
        builder.Services.AddSingleton<Opening>().AddHostedService(static services => services.GetRequiredService<Opening>());
        builder.Services.AddHostedService<Housekeeping>().AddHostedService<CommandSocket>().AddHostedService<Postman>();
        if (settings.Metrics.OtlpEndpoint is not null) builder.Services.AddHostedService<OtlpExport>();   // else nothing of it is loaded
        replace?.Invoke(builder.Services);

        var app = builder.Build();
        app.Services.GetRequiredService<MetricStore>();   // listens from here on
        await Load(app.Services, time.GetUtcNow());
        Forwarding.Use(app, settings.Server);
        SecurityHeaders.Use(app, settings.Http);
        HttpsOnly.Use(app, settings.Server);
        app.UseCors();
        app.UseMiddleware<Faults>();
        SwaggerPage.Use(app, settings.Http);
        app.UseRouting();
        new Routes(app).Map();
        return app;
    }

    private static void AddEndpoints(IServiceCollection services)
    {
        services.AddSingleton<MetricStore>().AddSingleton<ServerGauges>().AddSingleton<OperatorAccess>();
        ServerChecks.Add(services.AddSingleton<HealthWatch>());
        services.AddSingleton<UserActs>().AddSingleton<UserEditing>().AddSingleton<UserAdding>().AddSingleton<RoleActs>();
        services.AddSingleton<Guard>().AddSingleton<LimitGate>().AddSingleton<CookieMode>().AddSingleton<LineBudget>().AddSingleton<RefusalLog>();
        services.AddCors().AddSingleton<ICorsPolicyProvider, CrossOrigin>();
        services.AddSingleton<SignInAnswer>().AddSingleton<Register>().AddSingleton<Login>().AddSingleton<LoginForm>().AddSingleton<Refresh>().AddSingleton<Logout>();
        services.AddSingleton<ListSessions>().AddSingleton<EndSession>().AddSingleton<Me>();
        services.AddSingleton<ChangePassword>().AddSingleton<RequestPasswordReset>().AddSingleton<ConfirmPasswordReset>().AddSingleton<DevelopmentTokens>();
        services.AddSingleton<RequestVerification>().AddSingleton<ConfirmVerification>().AddSingleton<RequestEmailChange>().AddSingleton<ConfirmEmailChange>().AddSingleton<UndoEmailChange>();
        services.AddSingleton<EditMe>().AddSingleton<DeactivateMe>().AddSingleton<DeleteMe>().AddSingleton<ExportMe>();
        services.AddSingleton<ListUsers>().AddSingleton<GetUser>().AddSingleton<AddUser>().AddSingleton<EditUser>().AddSingleton<DeleteUser>().AddSingleton<CountUsers>();
        services.AddSingleton<ChangeStatus>().AddSingleton<SendPasswordReset>().AddSingleton<EndSessions>().AddSingleton<ReadJournal>().AddSingleton<ListMail>().AddSingleton<RetryMail>();
        services.AddSingleton<ListRoles>().AddSingleton<AddRole>().AddSingleton<EditRole>().AddSingleton<DeleteRole>();
        PageServices.Add(services);
        services.AddSingleton<Jwks>().AddSingleton<Discovery>().AddSingleton<HealthReport>().AddSingleton<MetricsPage>().AddSingleton<DevMail>();
    }

    private static void AddDocuments(IServiceCollection services)
    {
        services.AddOpenApi(OpenApiDocument.Configure);
        services.ConfigureHttpJsonOptions(static options => options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);   // for its schemas
    }

    private static async Task Load(IServiceProvider services, DateTimeOffset now)
    {
        var keys = services.GetRequiredService<SigningKeys>();
        await keys.Load();
        await services.GetRequiredService<Revocations>().Load(now);
        await services.GetRequiredService<RoleCatalogue>().Load();
        await services.GetRequiredService<PasswordCosts>().Load();
        var check = services.GetRequiredService<TokenCheck>();
        keys.Changed += ring => check.Keys = ring;
        services.GetRequiredService<ServerGauges>().Add();
    }
}
