using System.Net;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.WellKnown;

public sealed class WellKnownTests(SharedServer shared) : IClassFixture<SharedServer>
{
    public static TheoryData<string> Urls => ["/.well-known/jwks.json", "/.well-known/openid-configuration"];

    [Theory]
    [MemberData(nameof(Urls))]
    public async Task It_may_be_cached_and_costs_a_304_afterwards(string url)
    {
        var first = await shared.Client.Get(url);
        Assert.Equal((HttpStatusCode.OK, "public, max-age=300", "application/json"), (first.Status, first.Headers["Cache-Control"], first.Headers["Content-Type"]));
        Assert.Equal("*", first.Headers["Access-Control-Allow-Origin"]);

        var second = await Ask(url, first.Headers["ETag"]);
        var changed = await Ask(url, "\"another\"");

        Assert.Equal((HttpStatusCode.NotModified, 0), (second.Status, second.Body.Length));
        Assert.Equal(HttpStatusCode.OK, changed.Status);
    }

    [Theory]
    [MemberData(nameof(Urls))]
    public async Task HEAD_answers_like_GET_without_a_body(string url)
    {
        var answer = await shared.Client.Send(new HttpRequestMessage(HttpMethod.Head, url));

        Assert.Equal((HttpStatusCode.OK, 0), (answer.Status, answer.Body.Length));
        Assert.True(answer.Headers.ContainsKey("ETag"));
    }

    [Fact]
    public async Task The_key_set_holds_the_signing_key_and_the_next_one_and_nothing_private()
    {
        var keys = (await shared.Client.Get("/.well-known/jwks.json")).Json.GetProperty("keys").EnumerateArray().ToList();

        Assert.Equal(2, keys.Count);
        Assert.Contains(keys, key => key.Text("kid") == shared.Alice.Header.Text("kid"));
        Assert.All(keys, key => Assert.False(key.TryGetProperty("d", out _) || key.TryGetProperty("k", out _)));
    }

    [Fact]
    public async Task Discovery_names_only_what_exists()
    {
        var document = (await shared.Client.Get("/.well-known/openid-configuration")).Json;

        Assert.Equal(TestServer.Issuer, document.Text("issuer"));
        Assert.Equal(TestServer.Issuer + "/.well-known/jwks.json", document.Text("jwks_uri"));
        foreach (var url in document.EnumerateObject().Where(member => member.Value.ToString().StartsWith(TestServer.Issuer + "/", StringComparison.Ordinal)))
            Assert.NotEqual(HttpStatusCode.NotFound, (await shared.Client.Get(new Uri(url.Value.GetString()!).AbsolutePath)).Status);
        Assert.DoesNotContain(document.EnumerateObject(), member => member.Name is "authorization_endpoint" or "token_endpoint");
    }

    private Task<Answer> Ask(string url, string etag)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        return shared.Client.Send(request);
    }
}
