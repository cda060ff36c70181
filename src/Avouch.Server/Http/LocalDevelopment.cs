using Avouch.Server.Settings;

namespace Avouch.Server.Http;

/// <summary>What only a developer at this very machine may see: mail in the browser, secrets in answers.</summary>
internal static class LocalDevelopment
{
    public static bool Is(HttpContext http, ServerSettings settings) => settings.Environment == DeploymentEnvironment.Development && DirectRequest.Is(http);
}
