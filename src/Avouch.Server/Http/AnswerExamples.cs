namespace Avouch.Server.Http;

/// <summary>What answers look like, for the OpenAPI document. A test holds each against the schema of its type.</summary>
internal static class AnswerExamples
{
    public const string User =
        """
        {"id":"019aa5c1-7f2e-7c3b-9d54-0b6f1f0e5a21","username":"alice","email":"alice@example.com","full_name":"Alice","locale":null,"role":"user",
         "roles":["user"],"is_active":true,"is_verified":false,"created_at":"2026-11-21T09:00:00Z","updated_at":"2026-11-21T09:00:00Z","last_login_at":null}
        """;

    public const string Tokens =
        """{"access_token":"eyJhbGciOiJFUzI1NiIs…","refresh_token":"avr_…","token_type":"bearer","expires_in":900,"refresh_expires_in":2592000}""";

    public const string SignIn =
        """{"access_token":"eyJhbGciOiJFUzI1NiIs…","refresh_token":"avr_…","token_type":"bearer","expires_in":900,"refresh_expires_in":2592000,"device_token":"avd_…"}""";

    public const string Sessions =
        """
        {"sessions":[{"id":"019aa5c2-03d1-7a10-8f0e-5d2c4b1a9e77","created_at":"2026-11-21T09:00:00Z","last_used_at":"2026-11-21T09:10:00Z",
         "expires_at":"2026-12-21T09:10:00Z","address":"203.0.113.7","agent":"Mozilla/5.0","current":true}]}
        """;

    public const string PasswordChanged = """{"message":"Your password has been changed.","success":true,"device_token":"avd_…"}""";

    public const string ResetRequested = """{"message":"If an account has this e-mail address, a link to set a new password is on its way.","success":true}""";

    public const string PasswordReset = """{"message":"Your new password is set. Sign in with it.","success":true,"device_token":"avd_…"}""";

    public const string VerificationRequested = """{"message":"If your e-mail address is not verified yet, a link is on its way.","success":true}""";

    public const string EmailVerified = """{"message":"Your e-mail address is verified.","success":true}""";

    public const string EmailChangeRequested = """{"message":"A link is on its way to the new e-mail address. Nothing changes until it is used.","success":true}""";

    public const string EmailChanged = """{"message":"Your e-mail address has been changed.","success":true}""";

    public const string EmailChangeUndone = """{"message":"Your e-mail address is back and everybody is signed out. A link to set a new password is on its way.","success":true}""";

    public const string AlmostRegistered = """{"message":"Almost done: open the link that was mailed to this address.","success":true}""";

    public const string SignedOut = """{"message":"Signed out.","success":true}""";

    public const string Healthy = """{"status":"healthy","version":"0.1.0","checks":{"database":{"status":"healthy","reason":null,"milliseconds":0.2},"disk":{"status":"healthy","reason":null,"milliseconds":0.1}}}""";

    public const string Unhealthy = """{"status":"unhealthy","version":"0.1.0","checks":{"database":{"status":"unhealthy","reason":"Nothing can be stored; the log says why.","milliseconds":null}}}""";

    public const string Alive = """{"status":"healthy","version":"0.1.0","checks":{}}""";
}
