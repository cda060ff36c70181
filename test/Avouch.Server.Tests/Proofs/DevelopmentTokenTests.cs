using System.Net;
using System.Net.Http.Json;
using Avouch.Server.Settings;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Proofs;

// B11
/// <summary>Secrets in answers, for a first try without mail: switched on by hand, in development, at the very machine. Anything else gets the ordinary message.</summary>
public sealed class DevelopmentTokenTests : ServerTests
{
    private static readonly (string, string) Development = ("AVOUCH_ENVIRONMENT", "development");
    private static readonly (string, string) Shown = ("AVOUCH_DEV_TOKENS", "true");

    [Fact]
    public async Task Both_answers_end_with_the_secret_in_the_words_that_scripts_look_for()
    {
        await Restart(Development, Shown);
        var tokens = await Client.Join("alice");

        var reset = (await Client.RequestReset("alice@example.test")).MustBeDone();
        var verification = (await Client.RequestVerification(tokens)).MustBeDone();

        Assert.Matches(@" Password reset token \(DEV ONLY\): avp_[\w-]{43}$", reset.Json.Text("message"));
        Assert.Matches(@" Verification token \(DEV ONLY\): avp_[\w-]{43}$", verification.Json.Text("message"));
        (await Client.Verify(Secret(verification))).MustBeDone();
        (await Client.ConfirmReset(Secret(reset))).MustBeDone();
        Assert.Equal("no-store", reset.Headers["Cache-Control"]);
    }

    [Fact]
    public async Task For_an_unknown_address_there_is_none()
    {
        await Restart(Development, Shown);

        Assert.DoesNotContain("DEV ONLY", (await Client.RequestReset("nobody@example.test")).MustBeDone().Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("Forwarded", "for=203.0.113.7")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("X-Client-IP", "127.0.0.1")]
    [InlineData("x-envoy-external-address", "203.0.113.7")]
    [InlineData("CF-Ray", "0")]
    [InlineData("Host", "rebound.example.test")]
    public async Task Somebody_who_comes_through_a_proxy_or_another_name_gets_the_ordinary_message(string header, string value)
    {
        await Restart(Development, Shown);
        await Client.Register("alice");
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/password/reset/request") { Content = JsonContent.Create(new { email = "alice@example.test" }) };
        request.Headers.TryAddWithoutValidation(header, value);

        Assert.DoesNotContain("avp_", (await Client.Send(request)).MustBeDone().Text, StringComparison.Ordinal);
    }

    /// <summary>What nginx sends with nothing but <c>proxy_pass</c>: its own address as the name, the old protocol, no header of a proxy.</summary>
    [Fact]
    public async Task A_proxy_that_adds_no_header_is_known_by_its_old_protocol()
    {
        await Restart(Development, Shown);
        await Client.Register("alice");
        const string Body = """{"email":"alice@example.test"}""";

        var answer = await RawConnection.Send(Server.Url, $"POST /api/v1/auth/password/reset/request HTTP/1.0\nHost: {Server.Url.Authority}\nConnection: close\nContent-Type: application/json\nContent-Length: {Body.Length}\n\n{Body}");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.DoesNotContain("avp_", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Development_alone_shows_nothing()
    {
        await Restart(Development);
        var tokens = await Client.Join("alice");

        Assert.DoesNotContain("avp_", (await Client.RequestReset("alice@example.test")).MustBeDone().Text, StringComparison.Ordinal);
        Assert.DoesNotContain("avp_", (await Client.RequestVerification(tokens)).MustBeDone().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Neither_does_production()
    {
        var tokens = await Client.Join("alice");

        Assert.DoesNotContain("avp_", (await Client.RequestReset("alice@example.test")).MustBeDone().Text, StringComparison.Ordinal);
        Assert.DoesNotContain("avp_", (await Client.RequestVerification(tokens)).MustBeDone().Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("production", true)]
    [InlineData(null, true)]
    [InlineData("development", false)]
    public void The_setting_is_refused_outside_of_development(string? environment, bool isRefused)
    {
        var values = new Dictionary<string, string> { ["AVOUCH_DEV_TOKENS"] = "true" };
        if (environment is not null) values["AVOUCH_ENVIRONMENT"] = environment;

        var (_, faults) = AvouchSettings.Read(new SettingsSource().Add("test", values));

        Assert.Equal(isRefused, faults.Any(fault => fault.Name == "AVOUCH_DEV_TOKENS"));
    }

    [Theory]
    [InlineData("http://localhost:8080", 1)]
    [InlineData("http://localhost:8080;http://0.0.0.0:8081", 2)]
    public void Each_start_warns_of_it_and_louder_where_other_machines_can_ask(string urls, int warnings)
    {
        var (settings, _) = AvouchSettings.Read(new SettingsSource().Add("test", new Dictionary<string, string> { ["AVOUCH_DEV_TOKENS"] = "true", ["AVOUCH_ENVIRONMENT"] = "development", ["AVOUCH_URLS"] = urls }));

        Assert.Equal(warnings, settings!.Warnings.Count);
        Assert.StartsWith("AVOUCH_DEV_TOKENS=true", settings.Warnings[0], StringComparison.Ordinal);
        Assert.All(settings.Warnings.Skip(1), warning => Assert.StartsWith("DANGER: AVOUCH_DEV_TOKENS=true while http://0.0.0.0:8081", warning, StringComparison.Ordinal));
    }

    private static string Secret(Answer answer) => answer.Json.Text("message").Split(' ')[^1];
}
