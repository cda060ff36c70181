using System.Text.Json.Serialization;

namespace Avouch.Server.Endpoints.Auth;

/// <summary>What the flows around passwords and addresses take, as strict as <see cref="Http.ApiJson"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, AllowDuplicateProperties = false, MaxDepth = 16)]
[JsonSerializable(typeof(ChangePassword.Request), TypeInfoPropertyName = "ChangePasswordRequest")]
[JsonSerializable(typeof(ChangePassword.Answer), TypeInfoPropertyName = "ChangePasswordAnswer")]
[JsonSerializable(typeof(RequestPasswordReset.Request), TypeInfoPropertyName = "RequestPasswordResetRequest")]
[JsonSerializable(typeof(ConfirmPasswordReset.Request), TypeInfoPropertyName = "ConfirmPasswordResetRequest")]
[JsonSerializable(typeof(ConfirmPasswordReset.Answer), TypeInfoPropertyName = "ConfirmPasswordResetAnswer")]
[JsonSerializable(typeof(RequestEmailChange.Request), TypeInfoPropertyName = "RequestEmailChangeRequest")]
[JsonSerializable(typeof(MailedToken))]
internal sealed partial class AccountJson : JsonSerializerContext;
