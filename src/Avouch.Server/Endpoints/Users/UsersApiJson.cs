using System.Text.Json.Serialization;

namespace Avouch.Server.Endpoints.Users;

/// <summary>JSON of this folder on the wire.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, AllowDuplicateProperties = false, MaxDepth = 16)]
[JsonSerializable(typeof(AddUser.Request), TypeInfoPropertyName = "AddUserRequest")]
[JsonSerializable(typeof(DeleteMe.Request), TypeInfoPropertyName = "DeleteMeRequest")]
[JsonSerializable(typeof(ListUsers.Answer), TypeInfoPropertyName = "ListUsersAnswer")]
[JsonSerializable(typeof(ListUsers.NamesAnswer), TypeInfoPropertyName = "ListUsersNamesAnswer")]
[JsonSerializable(typeof(ListUsers.NameItem), TypeInfoPropertyName = "ListUsersNameItem")]
[JsonSerializable(typeof(CountUsers.Answer), TypeInfoPropertyName = "CountUsersAnswer")]
internal sealed partial class UsersApiJson : JsonSerializerContext;
