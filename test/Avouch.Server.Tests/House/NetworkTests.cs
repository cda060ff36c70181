using System.Text.RegularExpressions;
using Avouch.Server.Settings;

namespace Avouch.Server.Tests.House;

/// <summary>Keeps docs/network.md: what the server talks to, and that there is nothing else.</summary>
public sealed partial class NetworkTests
{
    private static readonly string Document = Repository.Read("docs/network.md");

    [Fact]
    [Trait("ASVS", "13.1.1")]
    public void Every_setting_that_names_a_place_is_documented()
    {
        var places = SettingsSchema.All().Select(setting => setting.Name).Where(name => PlaceName().IsMatch(name)).ToList();

        Assert.True(places.Count >= 8, "The form of such names has changed.");
        Assert.All(places, name => Assert.Contains($"`{name}`", Document, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("ASVS", "13.2.4")]
    [Trait("ASVS", "13.2.5")]
    [Trait("ASVS", "14.2.3")]
    public void Only_the_documented_sources_open_a_connection()
    {
        var opening = Repository.Sources("src").Where(file => Opening().IsMatch(Repository.Read(file)));

        Assert.Equal(SourceName().Matches(Document).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal), opening.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("_(URLS?|HOST|PORT|ENDPOINT|ORIGINS|PROXIES|CA)$")]
    private static partial Regex PlaceName();

    [GeneratedRegex(@"(new (Socket|TcpClient|UdpClient|TcpListener|HttpClient|SocketsHttpHandler|SmtpClient|ClientWebSocket)\b|new\(AddressFamily|Dns\.Get|AddOtlpExporter|IHttpClientFactory)|\.ConnectAsync\(")]
    private static partial Regex Opening();

    [GeneratedRegex("`(src/[^`]+)`")]
    private static partial Regex SourceName();
}
