using System.Net;
using System.Text.Json;
using Avouch.Server.Http;
using Avouch.Server.Tests.Harness;
using Microsoft.AspNetCore.Routing;

namespace Avouch.Server.Tests.Http;

public sealed class OpenApiTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task It_is_version_3_1() => Assert.StartsWith("3.1.", (await Document()).Text("openapi"), StringComparison.Ordinal);

    [Fact]
    [Trait("ASVS", "6.3.4")]
    [Trait("ASVS", "6.1.3")]
    public async Task Every_route_stands_in_it_and_nothing_else()
    {
        var mapped = shared.Server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not { ExcludeFromDescription: true })
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/')).Where(path => path != "/openapi.json").ToHashSet();

        var described = (await Document()).GetProperty("paths").EnumerateObject().Select(path => path.Name).ToHashSet();

        Assert.Equal(47, mapped.Count);
        Assert.Equal(mapped.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    /// <summary>Pages for people with what they load, and the document itself.</summary>
    [Fact]
    public void What_does_not_stand_in_it_is_a_page_or_the_document()
    {
        var left = shared.Server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is { ExcludeFromDescription: true })
            .Where(endpoint => endpoint.Metadata.GetMetadata<AccessRule>() is not { IsOfPage: true })
            .Select(endpoint => endpoint.RoutePattern.RawText!).Distinct();

        Assert.Equal(["/assets/{name}", "/openapi.json"], left.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_operation_has_texts_and_says_how_it_answers()
    {
        foreach (var (_, operation) in await Operations())
        {
            Assert.NotEmpty(operation.Text("summary"));
            Assert.NotEmpty(operation.Text("description"));
            Assert.NotEmpty(operation.GetProperty("tags").EnumerateArray());
            Assert.All(operation.GetProperty("responses").EnumerateObject(), response => Assert.NotEmpty(response.Value.Text("description")));
        }
    }

    [Fact]
    public async Task Every_body_has_an_example_and_every_refusal_is_a_problem_document()
    {
        foreach (var (name, operation) in await Operations())
        {
            Assert.True(TakesBody(name) == operation.TryGetProperty("requestBody", out var body), name);
            if (body.ValueKind == JsonValueKind.Object)
                Assert.All(body.GetProperty("content").EnumerateObject(), content => Assert.NotEmpty(content.Value.GetProperty("example").EnumerateObject()));
            foreach (var response in operation.GetProperty("responses").EnumerateObject().Where(response => response.Name[0] == '4'))
                Assert.True(response.Value.GetProperty("content").TryGetProperty("application/problem+json", out _), $"{name} {response.Name}");
        }
    }

    /// <summary>Every POST and PATCH, but for those whose URL says all; and one DELETE, which wants the password.</summary>
    private static bool TakesBody(string operation) =>
        (operation.Split(' ')[0] is "post" or "patch" && !Array.Exists(WithoutBody, end => operation.EndsWith(end, StringComparison.Ordinal))) || operation == "delete /api/v1/users/me";

    private static readonly string[] WithoutBody = ["/disable", "/enable", "/unlock", "/retry", "/sessions/end", "/{id}/password/reset", "/verification/request"];

    [Theory]
    [InlineData("post /api/v1/auth/register", "email, password")]
    [InlineData("post /api/v1/users", "email")]
    [InlineData("post /api/v1/admin/roles", "name")]
    [InlineData("delete /api/v1/users/me", "current_password")]
    [InlineData("post /api/v1/auth/login", "password")]
    [InlineData("post /api/v1/auth/token", "password, username")]
    [InlineData("post /api/v1/auth/refresh", "")]
    [InlineData("post /api/v1/auth/logout", "")]
    [InlineData("post /api/v1/auth/password/change", "current_password, new_password")]
    [InlineData("post /api/v1/auth/password/reset/request", "email")]
    [InlineData("post /api/v1/auth/password/reset/confirm", "new_password, token")]
    [InlineData("post /api/v1/auth/email/verification/confirm", "token")]
    [InlineData("post /api/v1/auth/email/change/request", "current_password, new_email")]
    [InlineData("post /api/v1/auth/email/change/confirm", "token")]
    [InlineData("post /api/v1/auth/email/change/undo", "token")]
    public async Task Only_what_must_be_sent_is_required(string operation, string members)
    {
        var document = await Document();
        var body = (await Operations())[operation].GetProperty("requestBody");

        foreach (var content in body.GetProperty("content").EnumerateObject())
        {
            var schema = Resolve(document, content.Value.GetProperty("schema"));
            var required = schema.TryGetProperty("required", out var list) ? list.EnumerateArray().Select(member => member.GetString()!).ToList() : [];
            Assert.Equal(members, string.Join(", ", required.Order(StringComparer.Ordinal)));
            Assert.All(required, member => Assert.True(content.Value.GetProperty("example").TryGetProperty(member, out _), $"the example lacks {member}"));
        }
        Assert.Equal(members.Length > 0, body.TryGetProperty("required", out var isRequired) && isRequired.GetBoolean());
    }

    [Theory]
    [InlineData("post /api/v1/auth/refresh")]
    [InlineData("post /api/v1/auth/logout")]
    public async Task What_takes_JSON_or_a_form_says_so(string operation) => Assert.Equal(
        ["application/json", "application/x-www-form-urlencoded"],
        (await Operations())[operation].GetProperty("requestBody").GetProperty("content").EnumerateObject().Select(content => content.Name));

    [Fact]
    public async Task The_example_of_an_answer_has_the_members_of_its_schema()
    {
        var document = await Document();
        var shown = 0;
        foreach (var (name, operation) in await Operations())
            foreach (var response in operation.GetProperty("responses").EnumerateObject().Where(response => response.Name[0] == '2'))
            {
                if (!response.Value.TryGetProperty("content", out var contents) || !contents.TryGetProperty("application/json", out var content)) continue;
                if (!content.TryGetProperty("example", out var example)) continue;
                var members = Resolve(document, content.GetProperty("schema")).GetProperty("properties").EnumerateObject().Select(member => member.Name);
                Assert.True(members.SequenceEqual(example.EnumerateObject().Select(member => member.Name)), $"the example of {name} {response.Name}");
                shown++;
            }
        Assert.Equal(44, shown);
    }

    [Fact]
    public async Task Each_operation_has_a_name_of_its_own()
    {
        var names = (await Operations()).Values.Select(operation => operation.Text("operationId")).ToList();

        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.Contains("post_v1_auth_login_form", names);
        Assert.Contains("delete_v1_auth_sessions_id", names);
    }

    [Fact]
    public async Task The_examples_work()
    {
        var operations = await Operations();

        var register = await shared.Client.PostJson("/api/v1/auth/register", Example(operations["post /api/v1/auth/register"], "application/json"));
        var login = await shared.Client.PostRaw("/api/v1/auth/login", "application/json", Example(operations["post /api/v1/auth/login"], "application/json").GetRawText());

        Assert.Equal("username_taken", register.Code);   // everything else about it is right: the server has an alice already
        Assert.Equal(HttpStatusCode.OK, login.Status);
    }

    [Fact]
    public async Task Routes_that_need_a_token_say_so()
    {
        var operations = await Operations();

        var guarded = shared.Server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<AccessRule>() is { NeedsToken: true, IsOfPage: false })
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods, (endpoint, method) => $"{method.ToLowerInvariant()} /{endpoint.RoutePattern.RawText!.TrimStart('/')}")
            .Where(name => !name.StartsWith("head ", StringComparison.Ordinal)).Append("post /api/v1/auth/logout");   // looks for one of two tokens itself

        Assert.Equal(
            guarded.Order(StringComparer.Ordinal),
            operations.Where(operation => operation.Value.TryGetProperty("security", out _)).Select(operation => operation.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Swagger_UI_is_served_at_docs()
    {
        var answer = await shared.Client.Get("/docs");
        if (answer.Headers.TryGetValue("Location", out var location)) answer = await shared.Client.Get(new Uri(new Uri(shared.Server.Url, "/docs"), location).PathAndQuery);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("swagger-ui", answer.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await shared.Client.Get("/docs/swagger-ui-bundle.js")).Status);
    }

    private static JsonElement Resolve(JsonElement document, JsonElement schema) => schema.TryGetProperty("$ref", out var reference)
        ? document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1])
        : schema;

    private static JsonElement Example(JsonElement operation, string mediaType) =>
        operation.GetProperty("requestBody").GetProperty("content").GetProperty(mediaType).GetProperty("example");

    private async Task<JsonElement> Document()
    {
        var answer = await shared.Client.Get("/openapi.json");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Json;
    }

    private async Task<Dictionary<string, JsonElement>> Operations() => (await Document()).GetProperty("paths").EnumerateObject()
        .SelectMany(path => path.Value.EnumerateObject().Where(method => method.Name != "head").Select(method => KeyValuePair.Create($"{method.Name} {path.Name}", method.Value))).ToDictionary();
}
