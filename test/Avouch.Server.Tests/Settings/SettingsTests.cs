using Avouch.Server.Settings;

namespace Avouch.Server.Tests.Settings;

public sealed class SettingsTests
{
    private const string Key = "00112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f";

    [Fact]
    public void Without_any_setting_it_is_production_on_a_loopback_address_without_a_word()
    {
        var settings = Valid();

        Assert.Equal(DeploymentEnvironment.Production, settings.Server.Environment);
        Assert.Equal(["http://localhost:8080"], settings.Server.Urls);
        Assert.Null(settings.Server.SecretKey);
        Assert.True(settings.Server.LimitsEnabled);
        Assert.Equal((15d, 30d, 365d, 30d), (settings.Tokens.AccessLifetime.TotalMinutes, settings.Sessions.IdleLimit.TotalDays, settings.Sessions.AbsoluteLimit.TotalDays, settings.Sessions.Grace.TotalSeconds));
        Assert.Empty(settings.Warnings);
    }

    [Fact]
    public void All_faults_are_told_together_each_with_key_value_reason_and_remedy()
    {
        var faults = Faults(
            ("AVOUCH_ENVIRONMENT", "staging"), ("AVOUCH_URLS", "ftp://example.test"), ("AVOUCH_PUBLIC_URL", "example.test"), ("AVOUCH_SECRET_KEY", "short"),
            ("AVOUCH_ALGORITHM", "none"), ("AVOUCH_ACCESS_TOKEN_EXPIRE_MINUTES", "0"), ("AVOUCH_REFRESH_GRACE_SECONDS", "-1"), ("AVOUCH_SESSIONS_PER_USER", "many"),
            ("AVOUCH_ARGON2_ITERATIONS", "17"), ("AVOUCH_LIMITS_ENABLED", "perhaps"));

        Assert.Equal(
            ["AVOUCH_ACCESS_TOKEN_EXPIRE_MINUTES", "AVOUCH_ALGORITHM", "AVOUCH_ARGON2_ITERATIONS", "AVOUCH_ENVIRONMENT", "AVOUCH_LIMITS_ENABLED",
             "AVOUCH_PUBLIC_URL", "AVOUCH_REFRESH_GRACE_SECONDS", "AVOUCH_SECRET_KEY", "AVOUCH_SESSIONS_PER_USER", "AVOUCH_URLS"],
            faults.Select(fault => fault.Name).Order(StringComparer.Ordinal));
        Assert.All(faults, fault => Assert.All([fault.Name, fault.Value, fault.Reason, fault.Remedy], Assert.NotEmpty));
        Assert.Equal("staging", faults.Single(fault => fault.Name == "AVOUCH_ENVIRONMENT").Value);
    }

    [Theory]
    [InlineData("http://0.0.0.0:80")]
    [InlineData("http://*:80")]
    [InlineData("http://+:80")]
    [InlineData("http://[::]:80")]
    [InlineData("http://192.0.2.1:80")]
    [InlineData("http://auth.example.test")]
    [InlineData("http://localhost:80;http://0.0.0.0:80")]
    public void Production_over_plain_HTTP_is_refused_but_on_a_loopback_address(string urls)
    {
        Assert.Equal("AVOUCH_URLS", Assert.Single(Faults(("AVOUCH_URLS", urls))).Name);
        Valid(("AVOUCH_URLS", urls), ("AVOUCH_ALLOW_HTTP", "true"));
        Valid(("AVOUCH_URLS", urls), ("AVOUCH_ENVIRONMENT", "development"));
    }

    [Theory]
    [InlineData("http://localhost:8080")]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://[::1]:8080")]
    [InlineData("http://127.9.9.9:80;http://LOCALHOST:81")]
    public void A_loopback_address_needs_no_leave(string urls) => Valid(("AVOUCH_URLS", urls));

    // ASVS 9.1.2
    [Fact]
    public void HS256_needs_a_secret_of_its_own()
    {
        Assert.Equal("AVOUCH_JWT_SECRET", Assert.Single(Faults(("AVOUCH_ALGORITHM", "HS256"))).Name);
        Assert.Contains("same as AVOUCH_SECRET_KEY", Assert.Single(Faults(("AVOUCH_ALGORITHM", "HS256"), ("AVOUCH_JWT_SECRET", Key), ("AVOUCH_SECRET_KEY", Key))).Reason, StringComparison.Ordinal);
        Assert.Contains("same as AVOUCH_SECRET_KEY", Assert.Single(Faults(("AVOUCH_JWT_SECRET", Convert.ToBase64String(Convert.FromHexString(Key))), ("AVOUCH_SECRET_KEY", Key))).Reason, StringComparison.Ordinal);
        Valid(("AVOUCH_ALGORITHM", "HS256"), ("AVOUCH_JWT_SECRET", Key));
    }

    [Theory]
    [Trait("ASVS", "11.2.3")]
    [InlineData("00112233445566778899aabbccddeeff")]
    [InlineData("change-me")]
    [InlineData("this is no key at all, but a sentence of people")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("abababababababababababababababababababababababababababababababab")]
    public void A_secret_that_can_be_guessed_is_refused_and_not_shown(string secret)
    {
        foreach (var name in (string[])["AVOUCH_SECRET_KEY", "AVOUCH_JWT_SECRET"])
        {
            var fault = Assert.Single(Faults((name, secret)));
            Assert.Equal((name, "(secret)"), (fault.Name, fault.Value));
            Assert.DoesNotContain(secret, fault.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Weak_values_warn_and_do_not_refuse()
    {
        var settings = Valid(("AVOUCH_ARGON2_MEMORY_KIB", "64"), ("AVOUCH_ARGON2_ITERATIONS", "1"), ("AVOUCH_LIMITS_ENABLED", "false"));

        Assert.Equal(2, settings.Warnings.Count);
        Assert.Contains(settings.Warnings, warning => warning.Contains("AVOUCH_LIMITS_ENABLED", StringComparison.Ordinal));
        Assert.Contains(settings.Warnings, warning => warning.Contains("AVOUCH_ARGON2_MEMORY_KIB", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("AVOUCH_SESION_MAX_DAYS", "did you mean AVOUCH_SESSION_MAX_DAYS?")]
    [InlineData("AVOUCH_SECRETKEY", "did you mean AVOUCH_SECRET_KEY?")]
    [InlineData("AVOUCH_SECRETKEY_FILE", "did you mean AVOUCH_SECRET_KEY_FILE?")]
    [InlineData("AVOUCH_SOMETHING_ELSE_ALTOGETHER", "is not a setting of this version.")]
    public void A_misspelt_setting_gets_a_suggestion(string name, string expected)
    {
        var warning = Assert.Single(Valid((name, "7")).Warnings);

        Assert.Contains(name, warning, StringComparison.Ordinal);
        Assert.Contains(expected, warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://auth.example.test/", "https://auth.example.test")]
    [InlineData("https://example.test/auth", "https://example.test/auth")]
    public void The_public_URL_is_kept_without_its_last_slash(string url, string kept) => Assert.Equal(kept, Valid(("AVOUCH_PUBLIC_URL", url)).Server.PublicUrl);

    [Theory]
    [InlineData("https://example.test?x=1")]
    [InlineData("https://example.test#x")]
    [InlineData("https://user:word@example.test")]
    [InlineData("javascript:alert(1)")]
    public void What_is_no_issuer_is_refused(string url) => Assert.Equal("AVOUCH_PUBLIC_URL", Assert.Single(Faults(("AVOUCH_PUBLIC_URL", url))).Name);

    [Fact]
    public void A_password_in_the_public_URL_is_not_repeated()
    {
        var fault = Assert.Single(Faults(("AVOUCH_PUBLIC_URL", "https://user:word@example.test")));

        Assert.DoesNotContain("word@", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_are_not_among_what_is_printed()
    {
        var settings = Valid(("AVOUCH_SECRET_KEY", Key), ("AVOUCH_JWT_SECRET", new string([.. Key.Reverse()])));

        Assert.DoesNotContain(settings.InForce, setting => setting.ToString().Contains(Key, StringComparison.Ordinal) || setting.ToString().Contains(new string([.. Key.Reverse()]), StringComparison.Ordinal));
        Assert.Equal(2, settings.InForce.Count(setting => setting.Value == "(secret)"));
    }

    private static AvouchSettings Valid(params (string Name, string Value)[] values)
    {
        var (settings, faults) = Read(values);
        Assert.Empty(faults);
        return settings!;
    }

    private static IReadOnlyList<SettingFault> Faults(params (string Name, string Value)[] values)
    {
        var (settings, faults) = Read(values);
        Assert.Null(settings);
        return faults;
    }

    private static (AvouchSettings? Settings, IReadOnlyList<SettingFault> Faults) Read((string Name, string Value)[] values) =>
        AvouchSettings.Read(new SettingsSource().Add("test", values.ToDictionary(pair => pair.Name, pair => pair.Value)));
}
