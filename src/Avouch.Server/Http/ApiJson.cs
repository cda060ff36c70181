using System.Text.Json.Serialization;
using Avouch.Server.Endpoints.Auth;
using Avouch.Server.Endpoints.Health;
using Avouch.Server.Endpoints.WellKnown;

namespace Avouch.Server.Http;

/// <summary>JSON on the wire: snake_case, and strict about duplicate members (RFC 8259 §4 leaves their meaning open).</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, AllowDuplicateProperties = false, MaxDepth = 16)]
[JsonSerializable(typeof(Register.Request), TypeInfoPropertyName = "RegisterRequest")]
[JsonSerializable(typeof(Login.Request), TypeInfoPropertyName = "LoginRequest")]
[JsonSerializable(typeof(LoginForm.Request), TypeInfoPropertyName = "LoginFormRequest")]
[JsonSerializable(typeof(Refresh.Request), TypeInfoPropertyName = "RefreshRequest")]
[JsonSerializable(typeof(Logout.Request), TypeInfoPropertyName = "LogoutRequest")]
[JsonSerializable(typeof(ListSessions.Answer), TypeInfoPropertyName = "ListSessionsAnswer")]
[JsonSerializable(typeof(Discovery.Document), TypeInfoPropertyName = "DiscoveryDocument")]
[JsonSerializable(typeof(HealthReport.Answer), TypeInfoPropertyName = "HealthReportAnswer")]
[JsonSerializable(typeof(TokensJson))]
[JsonSerializable(typeof(SignInJson))]
[JsonSerializable(typeof(MessageJson))]
internal sealed partial class ApiJson : JsonSerializerContext;

/// <summary>The answer where there are no data to give.</summary>
internal sealed record MessageJson(string Message, bool Success)
{
    public static IResult Result(string message) => Results.Json(new MessageJson(message, Success: true), ApiJson.Default.MessageJson);
}
