namespace Avouch.Server.Endpoints.Users;

/// <summary>What answers of this folder look like, for the OpenAPI document.</summary>
internal static class UserExamples
{
    public const string Users =
        """
        {"users":[{"id":"019aa5c1-7f2e-7c3b-9d54-0b6f1f0e5a21","username":"alice","email":"alice@example.com","full_name":"Alice","locale":null,"role":"user",
         "roles":["user"],"is_active":true,"is_verified":false,"created_at":"2026-11-21T09:00:00Z","updated_at":"2026-11-21T09:00:00Z","last_login_at":null}],
         "next_cursor":null}
        """;

    public const string Totals = """{"total":1204,"active":1190,"verified":977}""";

    public const string Deactivated = """{"message":"Your account is deactivated, and every session has ended. An administrator can enable it again.","success":true}""";

    public const string Deleted = """{"message":"Your account is deleted.","success":true}""";
}
