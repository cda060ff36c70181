using Avouch.Server.Settings;

namespace Avouch.Server.Tests.Settings;

/// <summary>Settings of what browsers get to see and do.</summary>
public sealed class HttpSettingsTests
{
    [Theory]
    [InlineData("https://app.example.test", "https://app.example.test")]
    [InlineData("https://app.example.test,http://localhost:3000", "https://app.example.test http://localhost:3000")]
    [InlineData("HTTPS://App.Example.Test:443", "https://app.example.test")]
    [InlineData("http://localhost:80", "http://localhost")]
    [InlineData("https://app.example.test:8443", "https://app.example.test:8443")]
    [InlineData("https://[2001:DB8::7]:8443", "https://[2001:db8::7]:8443")]
    [InlineData("https://bücher.example", "https://xn--bcher-kva.example")]
    [InlineData("capacitor://localhost", "capacitor://localhost")]
    [InlineData("https://a.example.test, https://a.example.test", "https://a.example.test")]
    public void An_origin_is_kept_as_browsers_write_it(string text, string kept) =>
        Assert.Equal(kept, string.Join(' ', Valid(("AVOUCH_ALLOWED_ORIGINS", text)).Http.AllowedOrigins));

    [Theory]
    [Trait("ASVS", "3.4.2")]
    [InlineData("*")]
    [InlineData("https://*.example.test")]
    [InlineData("null")]
    [InlineData("https://app.example.test/")]
    [InlineData("https://app.example.test/app")]
    [InlineData("https://app.example.test?x=1")]
    [InlineData("https://app.example.test#x")]
    [InlineData("https://user:word@app.example.test")]
    [InlineData("app.example.test")]
    [InlineData("//app.example.test")]
    [InlineData("https://")]
    [InlineData("file:///index.html")]
    [InlineData("https://app.example.test:99999")]
    public void What_is_no_exact_origin_is_refused_with_a_remedy(string text)
    {
        var fault = Assert.Single(Faults(("AVOUCH_ALLOWED_ORIGINS", "https://good.example.test," + text)));

        Assert.Equal("AVOUCH_ALLOWED_ORIGINS", fault.Name);
        Assert.Contains("https://app.example.com", fault.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("word@", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_origin_without_TLS_warns_in_production_but_on_this_machine()
    {
        Assert.Contains("http://app.example.test", Assert.Single(Valid(("AVOUCH_ALLOWED_ORIGINS", "http://app.example.test")).Warnings), StringComparison.Ordinal);
        Assert.Empty(Valid(("AVOUCH_ALLOWED_ORIGINS", "http://localhost:3000,http://127.0.0.1:3000,https://app.example.test")).Warnings);
        Assert.Empty(Valid(("AVOUCH_ALLOWED_ORIGINS", "http://app.example.test"), ("AVOUCH_ENVIRONMENT", "development")).Warnings);
    }

    [Fact]
    [Trait("ASVS", "13.4.5")]
    public void The_documents_of_the_API_are_for_development_unless_somebody_says_otherwise()
    {
        Assert.False(Valid().Http.DocsEnabled);
        Assert.True(Valid(("AVOUCH_ENVIRONMENT", "development")).Http.DocsEnabled);
        Assert.True(Valid(("AVOUCH_DOCS_ENABLED", "true")).Http.DocsEnabled);
        Assert.False(Valid(("AVOUCH_ENVIRONMENT", "development"), ("AVOUCH_DOCS_ENABLED", "false")).Http.DocsEnabled);
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
