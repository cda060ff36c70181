namespace Avouch.Server.Settings;

/// <summary>Whom <c>/metrics</c> and the details of <c>/health</c> are shown.</summary>
internal enum OperatorDoor
{
    /// <summary>Programs on this machine that talk to the server directly, and whoever has the token.</summary>
    Local,

    /// <summary>Whoever has the token, and nobody else.</summary>
    Token,

    /// <summary>Nobody.</summary>
    Closed,
}

/// <summary>Who may read the figures, and where they are sent.</summary>
/// <param name="OtlpEndpoint">Where they are sent; <see langword="null"/> sends nothing.</param>
internal sealed record MetricsSettings(OperatorDoor Door, string? Token, Uri? OtlpEndpoint, TimeSpan OtlpInterval)
{
    public static MetricsSettings Read(SettingsReader reader)
    {
        var door = reader.Choice("AVOUCH_METRICS", "Who may read /metrics and the details of /health: local is a program on this machine that asks directly and not through a proxy, or anybody with AVOUCH_METRICS_TOKEN; token is only the latter; closed is nobody.",
            ("local", OperatorDoor.Local), ("token", OperatorDoor.Token), ("closed", OperatorDoor.Closed));
        var token = reader.Secret("AVOUCH_METRICS_TOKEN", "Opens /metrics as a bearer token from anywhere: at least 32 random bytes, hex or base64.", "not set");
        var endpoint = reader.TextOrNull("AVOUCH_OTLP_ENDPOINT", "Base address of an OpenTelemetry collector that metrics are sent to (OTLP over HTTP, protobuf): /v1/metrics is added. Further headers come from OTEL_EXPORTER_OTLP_HEADERS.");
        var seconds = reader.Number("AVOUCH_OTLP_INTERVAL_SECONDS", "Metrics are sent there every so many seconds.", 60, 1, 3600);

        SecretText.Read(reader, "AVOUCH_METRICS_TOKEN", token);
        if (door == OperatorDoor.Token && token is null)
            reader.Fault("AVOUCH_METRICS", "token", "needs AVOUCH_METRICS_TOKEN", "Set it to 32 random bytes, for example the output of: openssl rand -hex 32. Or use closed.");
        return new MetricsSettings(door, token, ReadEndpoint(reader, endpoint), TimeSpan.FromSeconds(seconds));
    }

    private static Uri? ReadEndpoint(SettingsReader reader, string? text)
    {
        if (text is null) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri is { Query: "", Fragment: "", UserInfo: "" }) return uri;
        var shown = text.Contains('@', StringComparison.Ordinal) ? "(hidden, it may hold a password)" : text;
        reader.Fault("AVOUCH_OTLP_ENDPOINT", shown, "is not an http(s) URL without query, fragment and credentials", "Use for example http://localhost:4318.");
        return null;
    }
}
