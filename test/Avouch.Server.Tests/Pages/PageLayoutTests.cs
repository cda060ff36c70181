using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Pages;

/// <summary>What stands where on a wide screen.</summary>
public sealed class PageLayoutTests : ServerTests
{
    [Fact]
    public async Task Account_and_administration_have_the_same_edges_and_the_header_has_them_too()
    {
        await Server.JoinAs(Client, "root", Role.Admin);
        await using var root = await Person.At(Server, new Glasses { Width = 1800 });
        await root.SignIn("root");
        var edges = new List<string>();

        foreach (var path in (string[])["/account/devices", "/admin/users"])
        {
            await root.Open(path);
            edges.Add(await root.Page.EvaluateAsync<string>("() => { const of = what => document.querySelector(what).getBoundingClientRect(); return [of('.brand').left, of('.side').left, of('.me').right, of('main').right].map(Math.round).join() }"));
            await root.Look("wide" + path.Replace('/', '-'));
        }

        Assert.Equal(edges[0], edges[1]);
        var places = edges[0].Split(',');
        Assert.Equal((places[0], places[2]), (places[1], places[3]));
    }
}
