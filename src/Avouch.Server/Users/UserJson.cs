using System.Text.Json;
using System.Text.Json.Serialization;

namespace Avouch.Server.Users;

/// <summary>A user as the API shows one. No hash, no epoch, nothing that helps somebody else.</summary>
internal sealed record UserJson(
    Guid Id,
    string? Username,
    string Email,
    string? FullName,
    string? Locale,
    string Role,
    IReadOnlyList<string> Roles,
    bool IsActive,
    bool IsVerified,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? LastLoginAt)
{
    public static UserJson Of(User user) => new(
        user.Id, user.Username, user.Email, user.FullName, user.Locale, user.Role, user.Roles, user.IsActive, user.IsVerified, user.CreatedAt, user.UpdatedAt, user.LastLoginAt);

    public static byte[] Serialize(User user) => JsonSerializer.SerializeToUtf8Bytes(Of(user), UserJsonContext.Default.UserJson);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(UserJson))]
[JsonSerializable(typeof(List<UserJson>))]
internal sealed partial class UserJsonContext : JsonSerializerContext;
