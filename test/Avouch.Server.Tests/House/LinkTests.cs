using System.Text.RegularExpressions;

namespace Avouch.Server.Tests.House;

/// <summary>Every document can be found from the README, and every link between documents leads somewhere.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Documents => [.. All()];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_link_leads_to_a_file_and_to_a_heading_of_it(string document) => Assert.All(
        LinksOf(document),
        link => Assert.True(Leads(document, link), $"{document} links to {link}, which is not there."));

    [Theory]
    [InlineData("README.md", "docs/cli.md#avouch-users-add", true)]
    [InlineData("docs/architecture.md", "../README.md", true)]
    [InlineData("docs/migrate/README.md", "#firebase", true)]
    [InlineData("README.md", "docs/nothing.md", false)]
    [InlineData("README.md", "docs/cli.md#avouch-users-invent", false)]
    [InlineData("README.md", "#nothing", false)]
    public void The_test_itself_tells_what_is_there(string document, string link, bool leads) => Assert.Equal(leads, Leads(document, link));

    [Fact]
    public void Every_document_is_in_the_index()
    {
        var listed = LinksOf("docs/README.md").Select(link => Path.GetFullPath(Path.Combine(Repository.Root, "docs", link.Split('#')[0]))).ToHashSet(StringComparer.Ordinal);

        Assert.All(All().Where(IsIndexed), document => Assert.Contains(Path.Combine(Repository.Root, document), listed));
        Assert.Contains("docs/README.md", LinksOf("README.md"));
    }

    /// <summary>Decisions and recipes have lists of their own.</summary>
    private static bool IsIndexed(string document) => document != "docs/README.md"
        && (Path.GetFileName(document) == "README.md" || !(document.StartsWith("docs/decisions/", StringComparison.Ordinal) || document.StartsWith("docs/migrate/", StringComparison.Ordinal)));

    private static IEnumerable<string> All() => Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')).Append("README.md").Append("CHANGELOG.md").Order(StringComparer.Ordinal);

    private static IEnumerable<string> LinksOf(string document) =>
        Link().Matches(Code().Replace(Repository.Read(document), "")).Select(match => match.Groups[1].Value).Where(link => !link.Contains("://", StringComparison.Ordinal));

    private static bool Leads(string document, string link)
    {
        var (path, fragment) = link.Split('#', 2) is [var before, var behind] ? (before, behind) : (link, null);
        var target = path.Length == 0 ? document : Path.GetRelativePath(Repository.Root, Path.Combine(Repository.Root, Path.GetDirectoryName(document)!, path));
        return Path.Exists(Path.Combine(Repository.Root, target)) && (fragment is null || HeadingsOf(target).Contains(fragment));
    }

    /// <summary>The names that headings get in links: small letters, hyphens for blanks, a number behind the second of the same name.</summary>
    private static HashSet<string> HeadingsOf(string document)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (Match heading in Heading().Matches(Fence().Replace(Repository.Read(document), "")))
        {
            var name = NoLetter().Replace(heading.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-');
            var number = 0;
            while (!names.Add(number == 0 ? name : $"{name}-{number}")) number++;
        }
        return names;
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("```.*?```|`[^`\n]*`", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("^#{1,6} (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NoLetter();
}
