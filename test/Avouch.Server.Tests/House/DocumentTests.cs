using System.Text.RegularExpressions;

namespace Avouch.Server.Tests.House;

/// <summary>What the documents show is what the repository holds.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void The_script_of_the_README_is_a_sample()
    {
        var blocks = ShellBlock().Matches(Repository.Read("README.md")).Select(match => match.Groups[1].Value).ToList();

        Assert.Contains(Assert.Single(blocks), Repository.Read("samples/first-steps.sh"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/architecture.md")]
    [InlineData("docs/dependencies.md")]
    [InlineData("docs/migrate/README.md")]
    [InlineData("docs/asvs.md")]
    [InlineData("docs/cryptography.md")]
    [InlineData("docs/logging.md")]
    [InlineData("docs/metrics.md")]
    [InlineData("CHANGELOG.md")]
    public void Every_link_to_a_file_leads_somewhere(string document)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, document))!;
        var targets = Link().Matches(Repository.Read(document)).Select(match => match.Groups[1].Value).Where(target => !target.Contains("://", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(targets);
        Assert.All(targets, target => Assert.True(Path.Exists(Path.Combine(folder, target)), $"{document} links to {target}, which is not there."));
    }

    [Fact]
    public void Every_package_has_its_reason()
    {
        var packages = PackageName().Matches(Repository.Read("Directory.Packages.props")).Select(match => match.Groups[1].Value).ToList();
        var reasons = Repository.Read("docs/dependencies.md");

        Assert.NotEmpty(packages);
        Assert.All(packages, package => Assert.Contains($"| {package} |", reasons, StringComparison.Ordinal));
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex(@"\]\(([^)#]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("PackageVersion Include=\"([^\"]+)\"")]
    private static partial Regex PackageName();
}
