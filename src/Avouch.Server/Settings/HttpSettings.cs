namespace Avouch.Server.Settings;

/// <summary>What browsers get to see and do.</summary>
/// <param name="AllowedOrigins">As browsers write them: scheme, host and port in lower case, no default port.</param>
internal sealed record HttpSettings(IReadOnlyList<string> AllowedOrigins, bool DocsEnabled)
{
    public static HttpSettings Read(SettingsReader reader, ServerSettings server)
    {
        var origins = reader.TextOrNull("AVOUCH_ALLOWED_ORIGINS", "Origins of pages that may call this server from a browser (CORS), separated by commas: exact, such as https://app.example.com, and never *.", "none");
        var docs = reader.Flag("AVOUCH_DOCS_ENABLED", "Serves the description of the API: /openapi.json, and /docs to try it.", server.Environment == DeploymentEnvironment.Development, "true in development, else false");
        return new HttpSettings(OriginRules.Read(reader, "AVOUCH_ALLOWED_ORIGINS", origins), docs);
    }
}
