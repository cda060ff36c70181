using System.Net;
using Avouch.Server.Http;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;
using Microsoft.AspNetCore.Routing;

namespace Avouch.Server.Tests.Pages;

/// <summary>What every answer of our pages says to a browser, route by route: none is forgotten, since they are read from the routes.</summary>
public sealed class PageHeaderTests : ServerTests
{
    private const string Policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    [Fact]
    [Trait("ASVS", "3.4.3")]
    [Trait("ASVS", "3.4.4")]
    [Trait("ASVS", "3.4.5")]
    [Trait("ASVS", "3.4.6")]
    [Trait("ASVS", "14.3.2")]
    public async Task Every_page_says_what_it_may_load_and_is_kept_by_nobody()
    {
        var root = await Client.Join("root");
        await Server.Get<UserChanges>().SetRoles(root.Id(), [Role.Admin]);
        var (visitor, member) = (new PlainBrowser(Client), await new PlainBrowser(Client).Enter("root"));

        foreach (var path in Paths("GET"))
            foreach (var browser in (PlainBrowser[])[visitor, member])
                foreach (var answer in (Answer[])[await browser.Get(path), await browser.Head(path)])
                    MustBeGuarded(path, answer);
    }

    [Fact]
    public async Task A_form_that_is_not_ours_is_refused_by_every_route_that_takes_one()
    {
        await Client.Register("alice");
        var browser = await new PlainBrowser(Client).Enter("alice");
        var rows = await Server.Count("journal");
        Assert.NotEmpty(Paths("POST"));

        foreach (var path in Paths("POST"))
        {
            var foreign = await browser.Post(path, [("form", await browser.Token("/account", "/sign-out"))], ("Sec-Fetch-Site", "cross-site"));
            var bare = await browser.Post(path, []);
            foreach (var answer in (Answer[])[foreign, bare])
            {
                Assert.True(answer.Status == HttpStatusCode.Forbidden, $"{path}: {answer.Status}");
                MustBeGuarded(path, answer);
            }
        }
        Assert.Equal(rows, await Server.Count("journal"));
        Assert.True(await browser.IsIn());
    }

    [Fact]
    public async Task An_asset_is_served_compressed_or_not_with_a_tag_of_its_own()
    {
        var plain = await Client.Get("/assets/avouch.css");
        var request = new HttpRequestMessage(HttpMethod.Get, "/assets/avouch.css") { Headers = { { "Accept-Encoding", "gzip, br" } } };
        var compressed = await Client.Send(request);

        Assert.Equal("br", compressed.Headers["Content-Encoding"]);
        Assert.NotEqual(plain.Headers["ETag"], compressed.Headers["ETag"]);
        Assert.InRange(compressed.Body.Length, 1, plain.Body.Length / 2);
        Assert.All((Answer[])[plain, compressed], answer => Assert.Equal(("nosniff", "Accept-Encoding", "same-origin"), (answer.Headers["X-Content-Type-Options"], answer.Headers["Vary"], answer.Headers["Cross-Origin-Resource-Policy"])));
    }

    private static void MustBeGuarded(string path, Answer answer)
    {
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.Equal(("nosniff", "DENY", "same-origin"), (answer.Headers["X-Content-Type-Options"], answer.Headers["X-Frame-Options"], answer.Headers["Cross-Origin-Resource-Policy"]));
        if (answer.Status == HttpStatusCode.SeeOther)
        {
            Assert.Matches("^/(?![/\\\\])", answer.Headers["Location"]);
            return;
        }
        if (answer.Headers["Content-Type"] != "text/html; charset=utf-8") return;   // a file to keep
        Assert.True(answer.Headers["Content-Security-Policy"] == Policy, $"{path}: {answer.Headers["Content-Security-Policy"]}");
        Assert.Equal(("same-origin", "Accept-Language, Cookie", "noindex"), (answer.Headers["Cross-Origin-Opener-Policy"], answer.Headers["Vary"], answer.Headers["X-Robots-Tag"]));
        Assert.Contains(answer.Headers["Referrer-Policy"], (string[])["same-origin", "no-referrer"]);
        Assert.Contains("camera=()", answer.Headers["Permissions-Policy"], StringComparison.Ordinal);
        Assert.DoesNotMatch(" style=|<style|<script(?! type=\"module\" src=)| on[a-z]+=\"|javascript:", answer.Text);
    }

    /// <summary>The routes of pages; a value of a route is somebody's id, or any.</summary>
    private List<string> Paths(string method) =>
    [
        .. Server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<AccessRule>() is { IsOfPage: true } && endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains(method))
            .Select(endpoint => "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => segment.IsSimple && segment.Parts[0] is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content : Guid.Empty.ToString()))),
    ];
}
