using Avouch.Server.Endpoints.Auth;
using Avouch.Server.Endpoints.Development;
using Avouch.Server.Endpoints.Health;
using Avouch.Server.Endpoints.Operations;
using Avouch.Server.Endpoints.Users;
using Avouch.Server.Endpoints.WellKnown;
using Avouch.Server.Http;
using Avouch.Server.Limits;
using Avouch.Server.Metrics;
using Avouch.Server.Settings;

namespace Avouch.Server;

/// <summary>Every URL on one screen, with the limit and the guard that stand in front of it.</summary>
internal sealed class Routes(IEndpointRouteBuilder app)
{
    public void Map()
    {
        var guard = The<Guard>();

        Post("/api/v1/auth/register", Limit.Register, Guard.Open(The<Register>().Handle));
        Post("/api/v1/auth/login", Limit.SignIn, Guard.Open(The<Login>().Handle));
        Post("/api/v1/auth/login/form", Limit.SignIn, Guard.Open(The<LoginForm>().Handle));
        Post("/api/v1/auth/token", Limit.SignIn, Guard.Open(The<LoginForm>().Handle));
        Post("/api/v1/auth/refresh", Limit.Refresh, Guard.Open(The<Refresh>().Handle));
        Post("/api/v1/auth/logout", Limit.Account, Guard.Open(The<Logout>().Handle));   // looks for one of two tokens itself

        Get("/api/v1/auth/sessions", guard.SignedIn(The<ListSessions>().Handle));
        Delete("/api/v1/auth/sessions/{id}", Limit.Account, guard.SignedIn(The<EndSession>().Handle));

        Post("/api/v1/auth/password/change", guard.SignedIn(The<ChangePassword>().Handle));
        Post("/api/v1/auth/password/reset/request", Guard.Open(The<RequestPasswordReset>().Handle));
        Post("/api/v1/auth/password/reset/confirm", Guard.Open(The<ConfirmPasswordReset>().Handle));
        Post("/api/v1/auth/email/verification/request", guard.SignedIn(The<RequestVerification>().Handle));
        Post("/api/v1/auth/email/verification/confirm", Guard.Open(The<ConfirmVerification>().Handle));
        Post("/api/v1/auth/email/change/request", guard.SignedIn(The<RequestEmailChange>().Handle));
        Post("/api/v1/auth/email/change/confirm", Guard.Open(The<ConfirmEmailChange>().Handle));
        Post("/api/v1/auth/email/change/undo", Guard.Open(The<UndoEmailChange>().Handle));

        Get("/api/v1/auth/me", guard.SignedInHot(The<Me>().Handle));
        Get("/api/v1/users/me", guard.SignedInHot(The<Me>().Handle));
        Get("/api/v1/users/me/status", guard.SignedInHot(The<Me>().Handle));

        Get("/.well-known/jwks.json", Guard.Open(The<Jwks>().Handle));
        Get("/.well-known/openid-configuration", Guard.Open(The<Discovery>().Handle));

        Get("/health", Guard.Open(The<HealthReport>().Ready));
        Get("/health/live", Guard.Open(HealthReport.Live));
        Get("/health/ready", Guard.Open(The<HealthReport>().Ready));
        Get("/api/v1/health", Guard.Open(The<HealthReport>().Ready));
        Get("/api/v1/health/database", Guard.Open(The<HealthReport>().Ready));
        Get("/ping", Guard.Open(HealthReport.Ping));

        Get("/metrics", Guard.Open(The<MetricsPage>().Handle));   // looks itself who asks

        Get("/dev/mail", Guard.Open(The<DevMail>().List));   // these three exist for a developer at this machine only
        Get("/dev/mail/{id}", Guard.Open(The<DevMail>().Show));
        Get("/dev/mail/{id}/html", Guard.Open(The<DevMail>().Html));

        if (The<HttpSettings>().DocsEnabled) app.MapOpenApi("/openapi.json");   // and /docs, which Application adds: Swagger UI is a middleware
    }

    private T The<T>() where T : notnull => app.ServiceProvider.GetRequiredService<T>();

    private void Get(string path, GuardedHandler handler) => Map([HttpMethods.Get, HttpMethods.Head], path, handler);

    private void Post(string path, GuardedHandler handler) => Map([HttpMethods.Post], path, handler);

    private void Delete(string path, GuardedHandler handler) => Map([HttpMethods.Delete], path, handler);

    private void Post(string path, Limit limit, GuardedHandler handler) => Map([HttpMethods.Post], path, limit, handler);

    private void Delete(string path, Limit limit, GuardedHandler handler) => Map([HttpMethods.Delete], path, limit, handler);

    private void Map(string[] methods, string path, Limit limit, GuardedHandler handler) =>
        Map(methods, path, The<LimitGate>().Behind(limit, handler)).WithMetadata(limit);

    private IEndpointConventionBuilder Map(string[] methods, string path, GuardedHandler handler) =>
        app.MapMethods(path, methods, new RouteTimer(methods[0], path, handler.Run, The<ServerMeter>(), The<TimeProvider>()).Run).WithMetadata(handler.Method).WithMetadata([.. handler.Method.GetCustomAttributes(inherit: false)]);
}
