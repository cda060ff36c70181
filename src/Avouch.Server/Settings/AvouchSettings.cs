using Avouch.Protocol;
using Avouch.Server.Mail;
using Avouch.Server.Passwords;
using Avouch.Server.Places;

namespace Avouch.Server.Settings;

/// <summary>All settings in force, one record for each section. Made whole and valid, or not at all.</summary>
internal sealed record AvouchSettings(
    ServerSettings Server,
    TokenSettings Tokens,
    SessionSettings Sessions,
    PasswordHashSettings Passwords,
    JournalSettings Journal,
    KeySettings Keys,
    LimitSettings Limits,
    HttpSettings Http,
    ProofSettings Proofs,
    LogSettings Logs,
    MetricsSettings Metrics,
    MailSettings Mail,
    AccessSettings Access,
    BrandSettings Brand,
    PlaceSettings Places,
    IReadOnlyList<SettingInForce> InForce,
    IReadOnlyList<string> Warnings)
{
    /// <summary>Reads and checks everything. With faults, there are no settings, and the caller shows all of them.</summary>
    public static (AvouchSettings? Settings, IReadOnlyList<SettingFault> Faults) Read(SettingsSource source)
    {
        var reader = new SettingsReader(source);
        var server = ServerSettings.Read(reader);
        var tokens = TokenSettings.Read(reader, server);
        var sessions = SessionSettings.Read(reader);
        var passwords = ReadPasswords(reader);
        var journal = JournalSettings.Read(reader);
        var keys = KeySettings.Read(reader);
        var limits = LimitSettings.Read(reader);
        var http = HttpSettings.Read(reader, server);
        var proofs = ProofSettings.Read(reader, server);
        var logs = LogSettings.Read(reader, server.Environment);
        var metrics = MetricsSettings.Read(reader);
        var mail = MailSettings.Read(reader, server);
        var access = AccessSettings.Read(reader);
        var brand = BrandSettings.Read(reader);
        var places = PlaceSettings.Read(reader);
        UnknownSettings.Refuse(reader, source);
        if (reader.Faults.Count > 0) return (null, reader.Faults);
        var warnings = SettingsWarnings.Find(server, http, passwords, source, reader.InForce).Concat(proofs.FindWarnings(server)).Concat(mail.FindWarnings(server.Environment)).ToList();
        return (new AvouchSettings(server, tokens, sessions, passwords, journal, keys, limits, http, proofs, logs, metrics, mail, access, brand, places, reader.InForce, warnings), []);
    }

    private const string PublicUrl = "AVOUCH_PUBLIC_URL";

    /// <summary>What is in force, for people; never a secret.</summary>
    /// <param name="issuer">The one in force, where there is one yet; it is shown as the public URL.</param>
    public List<SettingInForce> Show(string? issuer) => [.. InForce.Select(setting => setting.Name == PublicUrl && issuer is not null && Server.PublicUrl is null
        ? setting with { Value = issuer, Origin = "the database, since the server first listened" }
        : setting)];

    private static PasswordHashSettings ReadPasswords(SettingsReader reader) => new()
    {
        MemoryKiB = reader.Number("AVOUCH_ARGON2_MEMORY_KIB", "Memory of one password hash, in KiB (Argon2id m).", 19 * 1024, 8, 128 * 1024),
        Iterations = reader.Number("AVOUCH_ARGON2_ITERATIONS", "Passes over that memory (Argon2id t).", 2, 1, 16),
        Lanes = reader.Number("AVOUCH_HASH_LANES", "Threads that hash passwords; each holds the memory of one hash.", Environment.ProcessorCount, 1, 256, "one for each processor"),
        YieldBlocks = reader.Number("AVOUCH_HASH_YIELD_BLOCKS", "A hash lets other work run after this many KiB; 0 never.", 256, 0, 1 << 20),
        EqualisesRefusals = reader.Flag("AVOUCH_EQUALISE_REFUSALS", "A refused sign-in takes as long as the costliest password hash that is stored, imported ones included: its time tells nothing.", true),
    };
}

/// <summary>What sort of place this is.</summary>
internal enum DeploymentEnvironment
{
    /// <summary>Closed by default: plain HTTP only on a loopback address.</summary>
    Production,

    /// <summary>A developer's machine: logs for people.</summary>
    Development,
}

/// <summary>Where the server listens, what it is called, where its data lie.</summary>
internal sealed record ServerSettings(
    DeploymentEnvironment Environment,
    IReadOnlyList<string> Urls,
    string? PublicUrl,
    string DataFolder,
    byte[]? SecretKey,
    IReadOnlyList<byte[]> PreviousSecretKeys,
    IReadOnlyList<System.Net.IPNetwork> TrustedProxies,
    bool LimitsEnabled)
{
    public TlsSettings? Tls { get; init; }

    /// <summary>Whether plain HTTP is turned away where it is known to have crossed a network.</summary>
    public bool HttpsRedirect { get; init; }

    /// <summary>Whether this server ends TLS itself, on one of its addresses at least.</summary>
    public bool HasHttps => Urls.Any(UrlRules.IsHttps);

    /// <summary>Whether what comes to this server's own addresses by plain HTTP from other machines is turned away.</summary>
    public bool RefusesHttp => HttpsRedirect && HasHttps && PublicUrl is not null && UrlRules.IsHttps(PublicUrl);

    public static ServerSettings Read(SettingsReader reader)
    {
        var environment = reader.Choice("AVOUCH_ENVIRONMENT", "What sort of place this is.",
            ("production", DeploymentEnvironment.Production), ("development", DeploymentEnvironment.Development));
        var urls = reader.Text("AVOUCH_URLS", "Addresses to listen on, separated by semicolons. Also --urls.", "http://localhost:8080");
        var publicUrl = reader.TextOrNull("AVOUCH_PUBLIC_URL", "The issuer, and the base of every link. Set it to what browsers see.", "the first of AVOUCH_URLS when the server first listened");
        var folder = reader.Text("AVOUCH_DATA", "Folder of the database and of the files that belong to it. Also --data.", "data");
        var secretKey = reader.Secret("AVOUCH_SECRET_KEY", "The master key: at least 32 random bytes, hex or base64. Never a JWT key.", "a file in the data folder, made at the first start");
        var previousKeys = reader.Secret("AVOUCH_SECRET_KEY_PREVIOUS", "Master keys before this one, separated by commas: they still open and verify, until keys reencrypt has run and old refresh tokens are gone.", "none");
        var allowHttp = reader.Flag("AVOUCH_ALLOW_HTTP", "Allows plain HTTP on addresses that are not loopback, in production.", false);
        var proxies = reader.TextOrNull("AVOUCH_TRUSTED_PROXIES", "Addresses or networks of your own reverse proxies, separated by commas: only they may say in Forwarded, or in X-Forwarded-For and X-Forwarded-Proto, who asks and by which scheme. They have to write these headers themselves, never hand on a client's.", "none");
        var limits = reader.Flag("AVOUCH_LIMITS_ENABLED", "Rate limits. Without them nothing slows down somebody who guesses passwords.", true);
        var tls = TlsSettings.Read(reader);
        var redirect = reader.Flag("AVOUCH_HTTPS_REDIRECT", "Where AVOUCH_PUBLIC_URL is https: plain HTTP that came over a network is answered with a redirect, if it asks for a page, and refused otherwise. It is known to have come so if a trusted proxy says it, or if this server has an https address itself.", true);

        var list = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var server = new ServerSettings(
            environment, list, UrlRules.CheckPublic(reader, publicUrl), Path.GetFullPath(folder),
            SecretText.Read(reader, "AVOUCH_SECRET_KEY", secretKey), SecretText.ReadList(reader, "AVOUCH_SECRET_KEY_PREVIOUS", previousKeys),
            ProxyRules.Read(reader, "AVOUCH_TRUSTED_PROXIES", proxies), limits)
        { Tls = tls, HttpsRedirect = redirect };
        UrlRules.CheckListening(reader, server, allowHttp);
        return server;
    }
}

/// <summary>What access tokens look like and how long they live.</summary>
internal sealed record TokenSettings(JwsAlgorithm Algorithm, byte[]? JwtSecret, IReadOnlyList<string> Audiences, TimeSpan AccessLifetime)
{
    /// <summary>
    /// The longest life that an access token can be given. What has to outlive tokens that were signed under other settings goes by this, not by
    /// <see cref="AccessLifetime"/>.
    /// </summary>
    public static readonly TimeSpan LongestAccess = TimeSpan.FromDays(1);

    public static TokenSettings Read(SettingsReader reader, ServerSettings server)
    {
        var algorithm = reader.Choice("AVOUCH_ALGORITHM", "What access tokens are signed with. HS256 needs AVOUCH_JWT_SECRET. A change among the others takes effect ten minutes after the start, when caches of the key set know the new key.",
            ("ES256", JwsAlgorithm.ES256), ("ES384", JwsAlgorithm.ES384), ("RS256", JwsAlgorithm.RS256), ("PS256", JwsAlgorithm.PS256), ("HS256", JwsAlgorithm.HS256));
        var secretText = reader.Secret("AVOUCH_JWT_SECRET", "The key of HS256: at least 32 random bytes, hex or base64.", "not set");
        var audiences = reader.TextOrNull("AVOUCH_AUDIENCES", "Further audiences of first-party tokens, separated by commas or spaces.");
        var minutes = reader.Number("AVOUCH_ACCESS_TOKEN_EXPIRE_MINUTES", "Life of an access token, in minutes.", 15, 1, (int)LongestAccess.TotalMinutes);

        var secret = SecretText.Read(reader, "AVOUCH_JWT_SECRET", secretText);
        if (algorithm == JwsAlgorithm.HS256 && secretText is null)
            reader.Fault("AVOUCH_JWT_SECRET", "(unset)", "is needed by AVOUCH_ALGORITHM=HS256", "Set it to 32 random bytes, for example the output of: openssl rand -hex 32. Or use ES256.");
        if (secret is not null && server.SecretKey is not null && System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(secret, server.SecretKey))
            reader.Fault("AVOUCH_JWT_SECRET", "(secret)", "is the same as AVOUCH_SECRET_KEY", "The master key is never a JWT key: make a second secret, for example with: openssl rand -hex 32.");
        var list = (audiences ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new TokenSettings(algorithm, secret, list, TimeSpan.FromMinutes(minutes));
    }
}

/// <summary>How long a session may live and how many one user may have.</summary>
internal sealed record SessionSettings(TimeSpan IdleLimit, TimeSpan AbsoluteLimit, int PerUser, TimeSpan Grace)
{
    public static SessionSettings Read(SettingsReader reader) => new(
        TimeSpan.FromDays(reader.Number("AVOUCH_REFRESH_TOKEN_EXPIRE_DAYS", "A session that is not refreshed for so many days ends.", 30, 1, 3650)),
        TimeSpan.FromDays(reader.Number("AVOUCH_SESSION_MAX_DAYS", "A session ends after so many days whatever happens.", 365, 1, 3650)),
        reader.Number("AVOUCH_SESSIONS_PER_USER", "Sessions that one user may have; with one more, the oldest ends.", 50, 1, 10_000),
        TimeSpan.FromSeconds(reader.Number("AVOUCH_REFRESH_GRACE_SECONDS", "A refresh token that was used up to so many seconds ago gets the same answer once more; later it counts as stolen.", 30, 0, 600)));
}

/// <summary>How long the journal is kept.</summary>
internal sealed record JournalSettings(TimeSpan Retention)
{
    public static JournalSettings Read(SettingsReader reader) =>
        new(TimeSpan.FromDays(reader.Number("AVOUCH_JOURNAL_RETENTION_DAYS", "Journal rows older than so many days are deleted.", 400, 1, 36_500)));
}

/// <summary>How long a signing key signs.</summary>
internal sealed record KeySettings(TimeSpan RotationAge)
{
    public static KeySettings Read(SettingsReader reader) =>
        new(TimeSpan.FromDays(reader.Number("AVOUCH_KEY_ROTATION_DAYS", "A signing key is replaced by the next one after so many days.", 90, 1, 3650)));
}
