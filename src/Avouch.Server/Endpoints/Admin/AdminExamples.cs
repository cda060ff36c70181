namespace Avouch.Server.Endpoints.Admin;

/// <summary>What answers of this folder look like, for the OpenAPI document.</summary>
internal static class AdminExamples
{
    public const string Role =
        """
        {"name":"support","description":"First line","is_built_in":false,"permissions":["users:read","users:recover"],
         "created_at":"2026-11-21T09:00:00Z","updated_at":"2026-11-21T09:00:00Z"}
        """;

    public const string Roles =
        """
        {"roles":[{"name":"admin","description":"May do everything.","is_built_in":true,"permissions":["*"],"created_at":null,"updated_at":null}],
         "permissions":["users:read","users:write"]}
        """;

    public const string Journal =
        """
        {"rows":[{"id":"j-4711","seq":4711,"at":"2026-11-21T09:00:00Z","kind":"session.started","user_id":"019aa5c1-7f2e-7c3b-9d54-0b6f1f0e5a21",
         "session_id":"019aa5c2-03d1-7a10-8f0e-5d2c4b1a9e77","actor_id":null,"address":"203.0.113.7","detail":null}],"before":null}
        """;

    public const string Mail =
        """
        {"mails":[{"id":"019aa5c4-11aa-7b1c-8e2d-6a5b4c3d2e1f","state":"dead","template":"reset_password","user_id":"019aa5c1-7f2e-7c3b-9d54-0b6f1f0e5a21",
         "to":"a***@example.test","created_at":"2026-11-21T09:00:00Z","due_at":null,"attempts":1,"sent_at":null,"dead_at":"2026-11-21T09:00:02Z",
         "fault":"The server refuses it: 550 5.1.1 no such user"}],"before":null}
        """;

    public const string MailRetried = """{"message":"It is sent once more.","success":true}""";

    public const string Disabled = """{"message":"The account is disabled, and every session has ended.","success":true}""";

    public const string Unlocked = """{"message":"The account is not locked any more.","success":true}""";

    public const string Enabled = """{"message":"The account is enabled.","success":true}""";

    public const string ResetSent = """{"message":"A mail to set a new password is on its way.","success":true}""";

    public const string SessionsEnded = """{"message":"2 sessions have ended.","success":true}""";
}
