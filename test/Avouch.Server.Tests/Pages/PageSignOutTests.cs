using System.Net;
using Avouch.Server.Http;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;
using Microsoft.AspNetCore.Routing;

namespace Avouch.Server.Tests.Pages;

/// <summary>Nobody has to look for the way out.</summary>
public sealed class PageSignOutTests : ServerTests
{
    [Fact]
    [Trait("ASVS", "7.4.4")]
    public async Task Every_page_of_somebody_who_is_signed_in_has_the_way_out()
    {
        var root = await Client.Join("root");
        await Server.Get<UserChanges>().SetRoles(root.Id(), [Role.Admin]);
        var browser = await new PlainBrowser(Client).Enter("root");
        var paths = Server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<AccessRule>() is { IsOfPage: true, NeedsToken: true } && endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains("GET"))
            .Select(endpoint => endpoint.RoutePattern.RawText!.Replace("{id}", root.Id().ToString(), StringComparison.Ordinal).Replace("{name}", Role.Admin, StringComparison.Ordinal)).ToList();
        Assert.Contains("/account", paths);

        foreach (var path in paths)
        {
            var answer = await browser.Get(path);
            if (answer.Status == HttpStatusCode.OK && answer.Headers["Content-Type"].StartsWith("text/html", StringComparison.Ordinal))
                Assert.True(answer.Text.Contains("action=\"/sign-out\"", StringComparison.Ordinal), $"{path} has no way out.");
        }
    }

    [Fact]
    public async Task So_has_a_refusal()
    {
        await Client.Register("alice");
        await using var alice = await Person.At(Server, Glasses.Small);
        await alice.SignIn("alice");
        alice.Expect(403);

        await alice.Open("/admin");
        await alice.Sees("This is for people who administer this server");
        await alice.Look("refused");
        await alice.Press("Sign out");

        await alice.Sees("You are signed out.");
    }
}
