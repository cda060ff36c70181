using System.Net;
using Avouch.Server.Limits;
using Avouch.Server.Tests.Harness;
using Microsoft.AspNetCore.Routing;

namespace Avouch.Server.Tests.Limits;

/// <summary>The limits that stand in Routes.cs.</summary>
public sealed class RouteLimitTests : ServerTests
{
    private protected override (string Name, string Value)[] Settings =>
        [("AVOUCH_LIMITS_ENABLED", "true"), ("AVOUCH_LIMIT_REGISTER_PER_HOUR", "3"), ("AVOUCH_LIMIT_REFRESH_PER_MINUTE", "50"), ("AVOUCH_TRUSTED_PROXIES", "127.0.0.1")];

    [Fact]
    [Trait("ASVS", "2.4.1")]
    public void Every_URL_that_changes_something_has_a_limit()
    {
        var open = Server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Any(method => method is not ("GET" or "HEAD")) == true)
            .Where(endpoint => endpoint.Metadata.GetMetadata<Limit>() is null).Select(endpoint => endpoint.RoutePattern.RawText);

        Assert.Empty(open);
    }

    [Fact]
    [Trait("ASVS", "2.4.1")]
    public async Task Signing_up_is_held_back_by_network()
    {
        for (var i = 0; i < 3; i++)
        {
            var created = await Register("203.0.113.7", $"person{i}");
            Assert.Equal((HttpStatusCode.Created, "\"register\";q=3;w=3600", $"\"register\";r={2 - i};t=3600"), (created.Status, created.Headers["RateLimit-Policy"], created.Headers["RateLimit"]));
        }

        var refused = (await Register("203.0.113.7", "person3")).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");

        Assert.Equal(("3600", "\"register\";r=0;t=3600"), (refused.Headers["Retry-After"], refused.Headers["RateLimit"]));
        Assert.Equal(3, await Server.Count("users"));
        Assert.Equal(HttpStatusCode.Created, (await Register("203.0.113.8", "person4")).Status);
        Pass(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        Assert.Equal("1", (await Register("203.0.113.7", "person5")).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests").Headers["Retry-After"]);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Created, (await Register("203.0.113.7", "person5")).Status);
    }

    [Fact]
    public async Task Refreshing_is_held_back_by_session_and_more_generously_by_network()
    {
        var (alice, bob) = (await Client.Join("alice"), await Client.Join("bob"));
        for (var i = 0; i < 30; i++) alice = await Client.Refresh(alice);

        var ofSession = (await Client.TryRefresh(alice.RefreshToken)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
        for (var i = 0; i < 19; i++) bob = await Client.Refresh(bob);
        var ofNetwork = (await Client.TryRefresh(bob.RefreshToken)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");

        Assert.Equal(("\"refresh-session\";q=30;w=60", "\"refresh\";q=50;w=60"), (ofSession.Headers["RateLimit-Policy"], ofNetwork.Headers["RateLimit-Policy"]));
        Pass(TimeSpan.FromMinutes(1));
        await Client.Refresh(alice);   // nothing has ended
        await Client.Refresh(bob);
    }

    [Fact]
    public async Task A_check_of_a_token_has_no_limit()
    {
        var alice = await Client.Join("alice");

        for (var i = 0; i < 400; i++)
        {
            var answer = await Client.Me(alice);
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.DoesNotContain("RateLimit", answer.Headers.Keys);
        }
    }

    private Task<Answer> Register(string address, string name)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/register")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { username = name, email = $"{name}@example.test", password = TestClient.Password }),
        };
        request.Headers.Add("X-Forwarded-For", address);
        return Client.Send(request);
    }
}
