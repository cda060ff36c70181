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

    [Theory]
    [InlineData("09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7", "the tutorial of FastAPI")]
    [InlineData("09D25E094FAA6CA2556C818166B7A9563B93F7099F6F0F4CAA6CF63B88E8D3E7", "the tutorial of FastAPI")]
    [InlineData("CdJeCU+qbKJVbIGBZrepVjuT9wmfbw9Mqmz2O4jo0+c=", "the tutorial of FastAPI")]
    [InlineData("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow", "RFC 7515")]
    [InlineData("your-256-bit-secret-your-256-bit-secret-your-256", "made of words")]
    [InlineData("your-256-bit-secret", "as a program writes it")]
    [InlineData("your-secret-key-change-me-in-production-please", "as a program writes it")]
    [InlineData("your-secret-key-change-me-in-production-really", "as a program writes it")]
    [InlineData("thisIsMySuperSecretKeyForSigningTokens012345AAAA", "made of words")]
    [InlineData("eW91ci1zZWNyZXQta2V5LWNoYW5nZS1tZS1pbi1wcm9kdWN0aW9uLXBsZWFzZQ==", "encoded text")]
    [InlineData("796f75722d7365637265742d6b65792d6368616e67652d6d652d696e2d70726f64", "encoded text")]
    [InlineData("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", "a pattern")]
    [InlineData("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "a pattern")]
    [InlineData("0011223344556677889900112233445566778899aabbccddee00112233445566", "a few repeated bytes")]
    public void A_secret_that_others_know_or_made_up_is_refused_with_the_reason(string secret, string reason)
    {
        foreach (var name in (string[])["AVOUCH_SECRET_KEY", "AVOUCH_JWT_SECRET", "AVOUCH_SECRET_KEY_PREVIOUS"])
        {
            var fault = Assert.Single(Faults((name, secret)));
            Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, fault.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_random_secret_is_taken_in_every_way_of_writing_it()
    {
        for (var i = 0; i < 2_000; i++)
        {
            var bytes = System.Security.Cryptography.RandomNumberGenerator.GetBytes(32 + i % 33);
            var base64 = Convert.ToBase64String(bytes);
            foreach (var text in (string[])[Convert.ToHexString(bytes), Convert.ToHexStringLower(bytes), base64, base64.TrimEnd('='), base64.Replace('+', '-').Replace('/', '_'), base64.Insert(20, "\n")])
                Assert.True(SecretText.FindFault(text, out var read) is null && read.SequenceEqual(bytes), text);
        }
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1/32")]
    [InlineData("127.0.0.1, ::1", "127.0.0.1/32 ::1/128")]
    [InlineData("10.0.0.0/8,fd00::/8", "10.0.0.0/8 fd00::/8")]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1/32")]
    public void Proxies_are_addresses_and_networks(string text, string networks) => Assert.Equal(networks, string.Join(' ', Valid(("AVOUCH_TRUSTED_PROXIES", text)).Server.TrustedProxies));

    [Theory]
    [InlineData("10.1")]
    [InlineData("1")]
    [InlineData("proxy.example.test")]
    [InlineData("10.0.0.0/33")]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    [InlineData("127.0.0.1,*")]
    public void What_is_no_proxy_or_everybody_is_refused(string text) => Assert.Equal("AVOUCH_TRUSTED_PROXIES", Assert.Single(Faults(("AVOUCH_TRUSTED_PROXIES", text))).Name);

    [Theory]
    [InlineData("http://localhost:0", "Use http://127.0.0.1:0")]
    [InlineData("http://127.0.0.1:65536", "Use for example http://localhost:8080.")]
    public void An_address_that_Kestrel_cannot_listen_on_is_refused(string url, string remedy) => Assert.StartsWith(remedy, Assert.Single(Faults(("AVOUCH_URLS", url))).Remedy, StringComparison.Ordinal);

    [Fact]
    public void Plain_HTTP_for_other_machines_warns_in_production()
    {
        Assert.StartsWith("http://0.0.0.0:80 takes plain HTTP", Assert.Single(Valid(("AVOUCH_URLS", "http://0.0.0.0:80"), ("AVOUCH_ALLOW_HTTP", "true")).Warnings), StringComparison.Ordinal);
        Assert.Empty(Valid(("AVOUCH_URLS", "http://localhost:80"), ("AVOUCH_ALLOW_HTTP", "true")).Warnings);
        Assert.Empty(Valid(("AVOUCH_URLS", "http://0.0.0.0:80"), ("AVOUCH_ENVIRONMENT", "development")).Warnings);
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
