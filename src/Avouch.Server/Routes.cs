using Avouch.Server.Endpoints.Admin;
using Avouch.Server.Endpoints.Auth;
using Avouch.Server.Endpoints.Development;
using Avouch.Server.Endpoints.Health;
using Avouch.Server.Endpoints.Operations;
using Avouch.Server.Endpoints.Users;
using Avouch.Server.Endpoints.WellKnown;
using Avouch.Server.Http;
using Avouch.Server.Limits;
using Avouch.Server.Metrics;
using Avouch.Server.Roles;
using Avouch.Server.Settings;
using Avouch.Server.Users;

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

        Post("/api/v1/auth/password/change", Limit.Account, guard.SignedIn(The<ChangePassword>().Handle));
        Post("/api/v1/auth/password/reset/request", Limit.ResetFromNetwork, Guard.Open(The<RequestPasswordReset>().Handle));
        Post("/api/v1/auth/password/reset/confirm", Limit.MailedSecret, Guard.Open(The<ConfirmPasswordReset>().Handle));
        Post("/api/v1/auth/email/verification/request", Limit.Account, guard.SignedIn(The<RequestVerification>().Handle));
        Post("/api/v1/auth/email/verification/confirm", Limit.MailedSecret, Guard.Open(The<ConfirmVerification>().Handle));
        Post("/api/v1/auth/email/change/request", Limit.Account, guard.SignedIn(The<RequestEmailChange>().Handle));
        Post("/api/v1/auth/email/change/confirm", Limit.MailedSecret, Guard.Open(The<ConfirmEmailChange>().Handle));
        Post("/api/v1/auth/email/change/undo", Limit.MailedSecret, Guard.Open(The<UndoEmailChange>().Handle));

        Get("/api/v1/auth/me", guard.SignedInHot(The<Me>().Handle));
        Get("/api/v1/users/me", guard.SignedInHot(The<Me>().Handle));
        Get("/api/v1/users/me/status", guard.SignedInHot(The<Me>().Handle));

        Patch("/api/v1/users/me", Limit.Account, guard.Verified(The<EditMe>().Handle));
        Put("/api/v1/users/me/deactivate", Limit.Account, guard.SignedInLately(The<DeactivateMe>().Handle));
        Delete("/api/v1/users/me", Limit.Account, guard.SignedIn(The<DeleteMe>().Handle));   // asks for the password
        Get("/api/v1/users/me/export", guard.SignedIn(The<ExportMe>().Handle));

        Get("/api/v1/users", guard.Verified(The<ListUsers>().Handle, Permission.UsersRead));   // or names, where a setting says so
        Post("/api/v1/users", Limit.Account, guard.Permitted(Permission.UsersWrite, The<AddUser>().Handle));
        Get("/api/v1/users/stats/count", guard.Permitted(Permission.UsersRead, The<CountUsers>().Handle));
        Get("/api/v1/users/{id}", guard.Verified(The<GetUser>().Handle, Permission.UsersRead));   // or oneself
        Patch("/api/v1/users/{id}", Limit.Account, guard.Verified(The<EditUser>().Handle, Permission.UsersWrite));   // or oneself
        Delete("/api/v1/users/{id}", Limit.Account, guard.PermittedLately(Permission.UsersWrite, The<DeleteUser>().Handle));

        Post("/api/v1/admin/users/{id}/disable", Limit.Account, guard.PermittedLately(Permission.UsersWrite, The<ChangeStatus>().Disable));
        Post("/api/v1/admin/users/{id}/enable", Limit.Account, guard.PermittedLately(Permission.UsersWrite, The<ChangeStatus>().Enable));
        Post("/api/v1/admin/users/{id}/unlock", Limit.Account, guard.PermittedLately(Permission.UsersWrite, The<ChangeStatus>().Unlock));
        Post("/api/v1/admin/users/{id}/password/reset", Limit.Account, guard.PermittedLately(Permission.UsersRecover, The<SendPasswordReset>().Handle));
        Post("/api/v1/admin/users/{id}/sessions/end", Limit.Account, guard.PermittedLately(Permission.SessionsWrite, The<EndSessions>().OfUser));
        Post("/api/v1/admin/sessions/end", Limit.Account, guard.InRoleLately(Role.Admin, The<EndSessions>().OfEverybody));
        Get("/api/v1/admin/journal", guard.Permitted(Permission.JournalRead, The<ReadJournal>().Handle));
        Get("/api/v1/admin/mail", guard.Permitted(Permission.MailRead, The<ListMail>().Handle));
        Post("/api/v1/admin/mail/{id}/retry", Limit.Account, guard.PermittedLately(Permission.MailWrite, The<RetryMail>().Handle));
        Get("/api/v1/admin/roles", guard.Permitted(Permission.RolesRead, The<ListRoles>().Handle));
        Post("/api/v1/admin/roles", Limit.Account, guard.PermittedLately(Permission.RolesWrite, The<AddRole>().Handle));
        Patch("/api/v1/admin/roles/{name}", Limit.Account, guard.PermittedLately(Permission.RolesWrite, The<EditRole>().Handle));
        Delete("/api/v1/admin/roles/{name}", Limit.Account, guard.PermittedLately(Permission.RolesWrite, The<DeleteRole>().Handle));

        Get("/.well-known/jwks.json", Guard.Open(The<Jwks>().Handle));
        Get("/.well-known/openid-configuration", Guard.Open(The<Discovery>().Handle));

        Get("/health", Guard.Open(The<HealthReport>().Ready));
        Get("/health/live", Guard.Open(HealthReport.Live));
        Get("/health/ready", Guard.Open(The<HealthReport>().Ready));
        Get("/api/v1/health", Guard.Open(The<HealthReport>().Ready));
        Get("/api/v1/health/database", Guard.Open(The<HealthReport>().Ready));
        Get("/ping", Guard.Open(HealthReport.Ping));

        Get("/dev/mail", Guard.Open(The<DevMail>().List));   // these three exist for a developer at this machine only
        Get("/dev/mail/{id}", Guard.Open(The<DevMail>().Show));
        Get("/dev/mail/{id}/html", Guard.Open(The<DevMail>().Html));

        Get("/metrics", Guard.Open(The<MetricsPage>().Handle));   // looks itself who asks

        new PageRoutes(this).Map();
        if (The<HttpSettings>().DocsEnabled) app.MapOpenApi("/openapi.json");   // and /docs, which Application adds: Swagger UI is a middleware
    }

    internal T The<T>() where T : notnull => app.ServiceProvider.GetRequiredService<T>();

    internal void Get(string path, GuardedHandler handler) => Map([HttpMethods.Get, HttpMethods.Head], path, handler);

    internal void Post(string path, Limit limit, GuardedHandler handler) => Map([HttpMethods.Post], path, limit, handler);

    private void Delete(string path, Limit limit, GuardedHandler handler) => Map([HttpMethods.Delete], path, limit, handler);

    private void Put(string path, Limit limit, GuardedHandler handler) => Map([HttpMethods.Put], path, limit, handler);

    private void Patch(string path, Limit limit, GuardedHandler handler) => Map([HttpMethods.Patch], path, limit, handler);

    private void Map(string[] methods, string path, Limit limit, GuardedHandler handler) =>
        Map(methods, path, The<LimitGate>().Behind(limit, handler)).WithMetadata(limit);

    private IEndpointConventionBuilder Map(string[] methods, string path, GuardedHandler handler) =>
        app.MapMethods(path, methods, new RouteTimer(methods[0], path, handler.Run, The<ServerMeter>(), The<TimeProvider>()).Run).WithMetadata(handler.Method, handler.Rule)
            .WithMetadata(Describe(handler));

    /// <summary>What the document of the API is made of. Reading it takes time at the start, so nothing is read where nobody asks for that document.</summary>
    private object[] Describe(GuardedHandler handler) => (The<HttpSettings>().DocsEnabled, handler.Rule.IsOfPage) switch
    {
        (false, _) => [],
        (_, true) => [new ExcludeFromDescriptionAttribute()],
        _ => handler.Method.GetCustomAttributes(inherit: false),
    };
}
