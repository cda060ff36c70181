using System.Text.Json.Serialization;

namespace Avouch.Server.Endpoints.Admin;

/// <summary>JSON of this folder on the wire.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, AllowDuplicateProperties = false, MaxDepth = 16)]
[JsonSerializable(typeof(AddRole.Request), TypeInfoPropertyName = "AddRoleRequest")]
[JsonSerializable(typeof(RoleJson))]
[JsonSerializable(typeof(ListRoles.Answer), TypeInfoPropertyName = "ListRolesAnswer")]
[JsonSerializable(typeof(ReadJournal.Answer), TypeInfoPropertyName = "ReadJournalAnswer")]
[JsonSerializable(typeof(ListMail.Answer), TypeInfoPropertyName = "ListMailAnswer")]
internal sealed partial class AdminJson : JsonSerializerContext;
