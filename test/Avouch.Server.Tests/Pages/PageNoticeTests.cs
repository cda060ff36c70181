using System.Text.RegularExpressions;
using Avouch.Server.Pages;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Tests.House;

namespace Avouch.Server.Tests.Pages;

/// <summary>What has just been done is said where it was done, and by no link to anywhere else.</summary>
public sealed partial class PageNoticeTests : ServerTests
{
    [Theory]
    [InlineData("/sign-in?notice=deleted", "deleted")]
    [InlineData("/?notice=signed-out", "signed out")]
    [InlineData("/sign-up?notice=password-changed", "is changed")]
    [InlineData("/goodbye?notice=key-withdrawn", "withdrawn")]
    [InlineData("/account?notice=deleted", "is deleted")]
    [InlineData("/account/security?notice=saved", "Saved.")]
    [InlineData("/sign-in?notice=signed-out&notice=signed-out", "signed out")]
    [InlineData("/sign-in?notice=You+are+fired", "fired")]
    public async Task A_link_to_another_page_makes_it_say_nothing(string link, string sentence)
    {
        await Client.Register("alice");
        var browser = new PlainBrowser(Client);
        if (link.StartsWith("/account", StringComparison.Ordinal)) await browser.Enter("alice");

        var page = await browser.Get(link);

        Assert.Equal(System.Net.HttpStatusCode.OK, page.Status);
        Assert.DoesNotContain("role=\"status\"", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain($"{sentence}</p>", page.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("saved", "/account", true)]
    [InlineData("saved", "/account/", false)]
    [InlineData("saved", "/admin/users/7", true)]
    [InlineData("saved", "/admin/users", false)]
    [InlineData("welcome", "/account/security", true)]
    [InlineData("welcome", "/accounts", false)]
    [InlineData("nothing", "/account", false)]
    public void A_notice_has_its_places(string name, string path, bool isSaid) => Assert.Equal(isSaid, PageSentences.FindNotice(name, path) is not null);

    /// <summary>Notices of pages whose address is handed in with the form.</summary>
    private static readonly Dictionary<string, string> Handed = new() { ["user-deleted"] = "/admin/users" };

    [Fact]
    public void Every_notice_that_a_form_leads_to_is_said_there()
    {
        var ways = Repository.Sources("src/Avouch.Server/Endpoints").SelectMany(file => Ways(Repository.Read(file)).Select(way => (File: file, way.Names, way.Paths))).ToList();
        Assert.True(ways.Count > 20, $"{ways.Count}");

        foreach (var (file, names, paths) in ways)
        {
            Assert.True(names.Count > 0 && paths.Count > 0, $"{file}: a notice without a name, or without a path.");
            foreach (var name in names) Assert.True(paths.Append(Handed.GetValueOrDefault(name, "")).Any(path => PageSentences.FindNotice(name, path) is not null), $"{file}: {name} is not said at {string.Join(" or ", paths)}.");
            foreach (var path in paths) Assert.True(names.Exists(name => PageSentences.FindNotice(name, path) is not null), $"{file}: {path} says none of {string.Join(", ", names)}.");
        }
    }

    /// <summary>The names and the paths of each call. A name that is handed in stands elsewhere in the same file.</summary>
    private static IEnumerable<(List<string> Names, List<string> Paths)> Ways(string source) =>
        from call in Call().Matches(source)
        let given = Name().Matches(" " + call.Groups["notice"].Value)
        let names = (given.Count > 0 ? given : Name().Matches(source)).Select(match => match.Groups[1].Value).Distinct().ToList()
        select (names, Literal().Matches(call.Groups["path"].Value).Select(match => Gap().Replace(match.Groups[1].Value, "x").Split('?')[0]).ToList());

    [GeneratedRegex("(?:page\\.Go\\(|entry\\.Enter\\(page, [^,]+, [^,]+, )(?<path>[^;,]+), (?<notice>(?:[^;()]|\\([^;()]*\\))+)\\)")]
    private static partial Regex Call();

    [GeneratedRegex(" \"([a-z]+(?:-[a-z]+)*)\"")]
    private static partial Regex Name();

    [GeneratedRegex("\"(/[^\"]*)\"")]
    private static partial Regex Literal();

    [GeneratedRegex("\\{[^}]*\\}")]
    private static partial Regex Gap();
}
