namespace Avouch.Server.Settings;

/// <summary>Which pages of other origins may call this server with a person's credentials.</summary>
internal static class OriginRules
{
    private const string Remedy = "Name each origin exactly, for example https://app.example.com or http://localhost:3000.";

    public static IReadOnlyList<string> Read(SettingsReader reader, string name, string? text)
    {
        var origins = new List<string>();
        foreach (var one in (text ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            if (FindFault(one) is { } reason) reader.Fault(name, one.Contains('@', StringComparison.Ordinal) ? "(hidden, it may hold a password)" : one, reason, Remedy);
            else origins.Add(Normalise(new Uri(one)));
        return [.. origins.Distinct()];
    }

    /// <summary>A page that came over plain HTTP may have been changed on its way; only a developer's own machine is spared.</summary>
    public static bool IsOpenToTampering(string origin) => origin.StartsWith("http://", StringComparison.Ordinal) && !new Uri(origin).IsLoopback;

    private static string? FindFault(string text)
    {
        if (text.Contains('*', StringComparison.Ordinal)) return "would let pages of any site act for whoever is signed in";
        if (text.Equals("null", StringComparison.OrdinalIgnoreCase)) return "is what every sandboxed frame and every local file calls itself";
        if (!text.Contains("://", StringComparison.Ordinal) || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0) return "is not an origin";
        if (uri.UserInfo.Length > 0) return "holds credentials, which no origin has";
        return text.Count(letter => letter == '/') > 2 || text.AsSpan().ContainsAny("?#\\") ? "is more than an origin, which ends behind the host or the port" : null;
    }

    /// <summary>As a browser writes it (RFC 6454 §6.2): lower case, names of other scripts in ASCII, no default port.</summary>
    private static string Normalise(Uri uri)
    {
        var host = uri.HostNameType == UriHostNameType.IPv6 ? $"[{uri.IdnHost.Trim('[', ']')}]" : uri.IdnHost;
        return (uri.IsDefaultPort || uri.Port < 0 ? $"{uri.Scheme}://{host}" : $"{uri.Scheme}://{host}:{uri.Port}").ToLowerInvariant();
    }
}
