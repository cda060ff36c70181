using System.Text.RegularExpressions;
using Avouch.Server.Journal;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Account;
using Avouch.Server.Tests.House;

namespace Avouch.Server.Tests.Pages.Account;

/// <summary>The words of the pages of one's own account.</summary>
public sealed partial class AccountWordsTests
{
    /// <summary>Rows that are about the service, or about administration of others.</summary>
    private static readonly string[] AboutNobody =
    [
        JournalKind.RoleAdded, JournalKind.RoleEdited, JournalKind.RoleDeleted, JournalKind.UsersExported, JournalKind.SessionsEnded, JournalKind.SignInsFailed,
        JournalKind.KeyCreated, JournalKind.KeyRotated, JournalKind.KeyWithdrawn, JournalKind.MasterKeyChanged, JournalKind.SettingChanged, JournalKind.BackedUp, JournalKind.Restored,
    ];

    [Fact]
    public void Every_kind_of_row_that_can_be_about_somebody_has_words() =>
        Assert.Equal(JournalKind.All, JournalWords.KnownKinds.Concat(AboutNobody).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_end_of_a_session_has_words()
    {
        var reasons = typeof(EndReason).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);

        Assert.Equal(reasons.Order(StringComparer.Ordinal), JournalWords.KnownEnds.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_kind_can_be_said_for_oneself_and_for_an_administrator_in_both_languages()
    {
        foreach (var kind in JournalWords.KnownKinds)
            foreach (var actor in (Guid?[])[null, Guid.NewGuid()])
                foreach (var detail in (string?[])[null, "something new"])
                {
                    var row = new JournalEntry(kind, DateTimeOffset.UnixEpoch) { UserId = Guid.Empty, ActorId = actor, Detail = detail };
                    var english = JournalWords.Of(row, PageLanguage.English);
                    Assert.EndsWith(".", english, StringComparison.Ordinal);
                    Assert.NotEqual(english, JournalWords.Of(row, PageLanguage.German));
                }
    }

    [Fact]
    public void Every_sentence_of_these_pages_has_its_German()
    {
        var literals = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src/Avouch.Server/Pages/Account"), "*.razor").SelectMany(file => Literal().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value));
        var german = PageLanguage.German.Keys.ToHashSet(StringComparer.Ordinal);

        Assert.All(literals.Concat(JournalWords.All).Concat(AgentWords.Words), sentence => Assert.Contains(sentence, german));
    }

    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0", "Firefox on Windows")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", "Firefox on Linux")]
    [InlineData("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0", "Firefox on Linux")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:144.0) Gecko/20100101 Firefox/144.0", "Firefox on macOS")]
    [InlineData("Mozilla/5.0 (Android 15; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0", "Firefox on Android")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 15_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/144.0 Mobile/15E148 Safari/605.1.15", "Firefox on iPhone")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36", "Chrome on Windows")]
    [InlineData("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36", "Chrome on Android")]
    [InlineData("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36", "Chrome on ChromeOS")]
    [InlineData("Mozilla/5.0 (iPad; CPU OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/141.0.7390.41 Mobile/15E148 Safari/604.1", "Chrome on iPad")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/141.0.0.0 Safari/537.36", "Chrome on Linux")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.3537.71", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (Linux; Android 10; HD1913) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.7390.43 Mobile Safari/537.36 EdgA/141.0.3537.57", "Edge on Android")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15", "Safari on macOS")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1", "Safari on iPhone")]
    [InlineData("Mozilla/5.0 (iPad; CPU OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1", "Safari on iPad")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 OPR/124.0.0.0", "Opera on Windows")]
    [InlineData("Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "Samsung Internet on Android")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", "Internet Explorer on Windows")]
    [InlineData("Mozilla/5.0 (Linux; U; Android 4.0.3; de-de; GT-P5100) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Safari/534.30", "Safari on Android")]
    [InlineData("curl/8.14.1", "curl")]
    [InlineData("Wget/1.25.0", "Wget")]
    [InlineData("python-requests/2.32.5", "A Python program")]
    [InlineData("python-httpx/0.28.1", "A Python program")]
    [InlineData("Python/3.13 aiohttp/3.12.15", "A Python program")]
    [InlineData("okhttp/5.1.0", "An Android app")]
    [InlineData("Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/AP2A.240805.005)", "An Android app on Android")]
    [InlineData("MyApp/12 CFNetwork/1568.200.51 Darwin/24.1.0", "An Apple app")]
    [InlineData("Go-http-client/1.1", "A Go program")]
    [InlineData("PostmanRuntime/7.48.0", "Postman")]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "A robot")]
    [InlineData("Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "A robot on Android")]
    [InlineData("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "A robot")]
    [InlineData("MyApp/3.2", "MyApp")]
    [InlineData("MyApp/3.2 (Android 14)", "MyApp on Android")]
    [InlineData("My App/3.2", "Unknown browser")]
    [InlineData("MyApp", "Unknown browser")]
    [InlineData("Mozilla/5.0", "Unknown browser")]
    [InlineData("Thing/Version/1.0", "Unknown browser")]
    [InlineData("<script>alert(1)</script>", "Unknown browser")]
    [InlineData("", "Unknown browser")]
    [InlineData(null, "Unknown browser")]
    public void An_agent_is_called_as_people_call_it(string? agent, string words) => Assert.Equal(words, AgentWords.Of(agent).In(PageLanguage.English));

    [GeneratedRegex("\\bT\\(\"([^\"]+)\"")]
    private static partial Regex Literal();
}
