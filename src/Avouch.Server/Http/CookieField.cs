namespace Avouch.Server.Http;

/// <summary>
/// Cookies as browsers send them. The framework's own table takes no notice of case and gives the last of two; yet a browser protects
/// <c>__Host-</c> in this spelling, and another host of the same domain may have set every other one.
/// </summary>
internal static class CookieField
{
    /// <summary>The value of a cookie by its exact name. With two of them nobody could tell which one is ours, so neither is.</summary>
    public static string? Find(HttpContext http, string name)
    {
        string? found = null;
        foreach (var line in http.Request.Headers.Cookie)
            foreach (var pair in line.AsSpan().Split(';'))
            {
                var cookie = line.AsSpan()[pair].Trim();
                if (cookie.Length <= name.Length || cookie[name.Length] != '=' || !cookie.StartsWith(name, StringComparison.Ordinal)) continue;
                if (found is not null) return null;
                found = cookie[(name.Length + 1)..].ToString();
            }
        return found;
    }
}
