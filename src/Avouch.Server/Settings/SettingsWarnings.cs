using Avouch.Server.Passwords;

namespace Avouch.Server.Settings;

/// <summary>What is allowed and yet deserves a loud word at each start.</summary>
internal static class SettingsWarnings
{
    /// <summary>The least that OWASP's password storage cheat sheet asks of Argon2id in any of its rows: 7 MiB with five passes.</summary>
    private const int WeakMemoryKiB = 7 * 1024;

    public static IEnumerable<string> Find(ServerSettings server, HttpSettings http, PasswordHashSettings passwords, SettingsSource source, IReadOnlyList<SettingInForce> known)
    {
        if (!server.LimitsEnabled)
            yield return "AVOUCH_LIMITS_ENABLED=false: nothing slows down somebody who guesses passwords. For tests only.";
        if (passwords.MemoryKiB < WeakMemoryKiB || (passwords.MemoryKiB < 19 * 1024 && passwords.Iterations < 5))
            yield return $"AVOUCH_ARGON2_MEMORY_KIB={passwords.MemoryKiB}, AVOUCH_ARGON2_ITERATIONS={passwords.Iterations}: password hashes this cheap are quickly guessed once stolen. For tests only; the default is 19456 and 2.";
        foreach (var url in server.Environment == DeploymentEnvironment.Production ? server.Urls.Where(url => !UrlRules.IsLoopback(url)) : [])
            yield return $"{url} takes plain HTTP from other machines (AVOUCH_ALLOW_HTTP=true): whoever sees that network reads passwords and tokens. Listen on http://127.0.0.1 behind a proxy that ends TLS, unless the network between is yours alone.";
        foreach (var origin in server.Environment == DeploymentEnvironment.Production ? http.AllowedOrigins.Where(OriginRules.IsOpenToTampering) : [])
            yield return $"AVOUCH_ALLOWED_ORIGINS names {origin}: whoever sees that network can put scripts into its pages, and those may then act for the people who use it. Use its https address.";
        foreach (var warning in UnknownSettings.Warn(source, known)) yield return warning;
    }
}
