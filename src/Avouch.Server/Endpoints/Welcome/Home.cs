using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Welcome;
using Avouch.Server.Settings;

namespace Avouch.Server.Endpoints.Welcome;

/// <summary><c>/</c>: what runs here, and where to go.</summary>
internal sealed class Home(HttpSettings http, ServerSettings server)
{
    public Task<IResult> Show(PageRequest page) => page.Show<HomePage>(new HomeModel(http.DocsEnabled, LocalDevelopment.Is(page.Http, server)));
}
