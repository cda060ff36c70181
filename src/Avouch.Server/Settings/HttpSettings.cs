namespace Avouch.Server.Settings;

/// <summary>What browsers get to see and do.</summary>
/// <param name="BodyTime">How long the body of a request may take, all of it.</param>
/// <param name="AllowedOrigins">As browsers write them: scheme, host and port in lower case, no default port.</param>
internal sealed record HttpSettings(IReadOnlyList<string> AllowedOrigins, bool DocsEnabled, HstsSettings Hsts, TimeSpan BodyTime)
{
    public static HttpSettings Read(SettingsReader reader, ServerSettings server)
    {
        var origins = reader.TextOrNull("AVOUCH_ALLOWED_ORIGINS", "Origins of pages that may call this server from a browser (CORS), separated by commas: exact, such as https://app.example.com, and never *.", "none");
        var docs = reader.Flag("AVOUCH_DOCS_ENABLED", "Serves the description of the API: /openapi.json, and /docs to try it.", server.Environment == DeploymentEnvironment.Development, "true in development, else false");
        return new HttpSettings(OriginRules.Read(reader, "AVOUCH_ALLOWED_ORIGINS", origins), docs, HstsSettings.Read(reader),
            TimeSpan.FromSeconds(reader.Number("AVOUCH_BODY_SECONDS", "A request whose body has not come after so many seconds is refused with 408.", 20, 1, 300)));
    }
}

/// <summary>For how long browsers come by https only, once they have been here (RFC 6797).</summary>
internal sealed record HstsSettings(TimeSpan MaxAge, bool IncludesSubdomains)
{
    public static HstsSettings Read(SettingsReader reader) => new(
        TimeSpan.FromDays(reader.Number("AVOUCH_HSTS_DAYS", "Browsers that were here by https come by nothing else for so many days (Strict-Transport-Security); 0 does not ask for it.", 365, 0, 3650)),
        reader.Flag("AVOUCH_HSTS_SUBDOMAINS", "The same holds for every name below the server's own. Set it to false if one of them has no https.", true));
}
