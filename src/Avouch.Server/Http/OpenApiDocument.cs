using System.Globalization;
using System.Text.Json.Nodes;
using Avouch.Server.Limits;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace Avouch.Server.Http;

/// <summary>
/// What the framework cannot see from our handlers and the OpenAPI document needs: the ways to sign in, which route wants a token, examples, the
/// problem documents, ids in paths. All of it is read from the attributes that stand above each handler.
/// </summary>
internal static class OpenApiDocument
{
    private const string Bearer = "access_token";
    private const string Password = "password";

    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.CreateSchemaReferenceId = static type => Name(type.Type);
        options.AddDocumentTransformer((document, _, _) => Introduce(document));
        options.AddOperationTransformer(Complete);
    }

    /// <summary>"Login.Request" becomes "LoginRequest", "UserJson" becomes "User"; types of the framework stay inline.</summary>
    private static string? Name(Type type) => type.Namespace?.StartsWith("Avouch", StringComparison.Ordinal) != true || type.IsGenericType
        ? null
        : (type.DeclaringType?.Name + type.Name).Replace("Json", "", StringComparison.Ordinal);

    private static Task Introduce(Microsoft.OpenApi.OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = Product.Name,
            Version = Product.Version,
            Description = "Accounts, sessions and tokens. Errors are problem documents (RFC 9457) with a stable `code`; the header `Avouch-Reason` leads to the journal or the log.",
        };
        document.Servers = [];
        foreach (var path in document.Paths) path.Value.Operations?.Remove(HttpMethod.Head);   // said once, by GET
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Password] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.OAuth2,
                Description = "Sign in here with user name (or e-mail address) and password; leave the client fields empty.",
                Flows = new OpenApiOAuthFlows { Password = new OpenApiOAuthFlow { TokenUrl = new Uri("/api/v1/auth/token", UriKind.Relative), Scopes = new Dictionary<string, string>() } },
            },
            [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "at+jwt", Description = "An access token from sign-in." },
        };
        return Task.CompletedTask;
    }

    private static async Task Complete(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancelled)
    {
        operation.OperationId = NameOperation(context.Description);
        foreach (var metadata in context.Description.ActionDescriptor.EndpointMetadata)
        {
            switch (metadata)
            {
                case TakesAttribute takes: operation.RequestBody = ToBody(takes, await context.GetOrCreateSchemaAsync(takes.Type, null, cancelled)); break;
                case IProducesResponseTypeMetadata { Description: { } text } gives: Describe(operation, gives, text); break;
                case RefusesAttribute refuses: AddProblems(operation, refuses.Statuses); break;
                case Limit: AddProblems(operation, [StatusCodes.Status429TooManyRequests]); break;
                case TakesAccessTokenAttribute token: AddSecurity(operation, context.Document!, token.Optional); break;
                case TakesPathIdAttribute id: AddPathId(operation, id); break;
                default: break;
            }
        }
    }

    /// <summary>What generated clients call it: the method and the path, such as <c>post_v1_auth_login</c>.</summary>
    private static string NameOperation(ApiDescription description) =>
        string.Join('_', $"{description.HttpMethod}/{description.RelativePath}".ToLowerInvariant().Replace("api/", "", StringComparison.Ordinal)
            .Split(['/', '.', '-', '{', '}'], StringSplitOptions.RemoveEmptyEntries));

    private static OpenApiRequestBody ToBody(TakesAttribute takes, OpenApiSchema schema)
    {
        var content = new Dictionary<string, OpenApiMediaType> { [takes.MediaType] = Content(takes.MediaType, takes.Example) };
        if (takes.OrForm is { } form) content[TakesAttribute.Form] = Content(TakesAttribute.Form, form);
        return new OpenApiRequestBody { Required = !takes.Optional, Content = content };

        OpenApiMediaType Content(string type, string example) =>
            new() { Schema = schema, Example = type == TakesAttribute.Json ? JsonNode.Parse(example) : FormExample(example) };
    }

    private static JsonObject FormExample(string form) =>
        new(QueryHelpers.ParseQuery(form).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value.ToString())));

    private static void Describe(OpenApiOperation operation, IProducesResponseTypeMetadata gives, string text)
    {
        if (operation.Responses?.GetValueOrDefault(gives.StatusCode.ToString(CultureInfo.InvariantCulture)) is not { } response) return;
        response.Description = text;
        if (gives is IShowsExample { Example: { } example }) response.Content![TakesAttribute.Json].Example = JsonNode.Parse(example);
    }

    private static void AddProblems(OpenApiOperation operation, IReadOnlyList<int> statuses)
    {
        operation.Responses ??= [];
        foreach (var status in statuses)
            operation.Responses[status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = ReasonPhrases.GetReasonPhrase(status),
                Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() { Schema = ProblemSchema() } },
            };
    }

    private static OpenApiSchema ProblemSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
            ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "One plain sentence." },
            ["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Stable; for programs." },
            ["errors"] = new OpenApiSchema { Type = JsonSchemaType.Object, Description = "By field; with 422 only." },
        },
    };

    private static void AddSecurity(OpenApiOperation operation, Microsoft.OpenApi.OpenApiDocument document, bool isOptional)
    {
        operation.Security = [Require(Password), Require(Bearer)];
        if (isOptional) operation.Security.Add([]);

        OpenApiSecurityRequirement Require(string scheme) => new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
    }

    private static void AddPathId(OpenApiOperation operation, TakesPathIdAttribute id)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = id.Name,
            In = ParameterLocation.Path,
            Required = true,
            Description = id.Description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
        });
    }
}
