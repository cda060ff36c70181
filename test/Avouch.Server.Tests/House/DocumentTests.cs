using System.Text.RegularExpressions;

namespace Avouch.Server.Tests.House;

/// <summary>What the documents show is what the repository holds.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void Every_script_of_the_README_is_part_of_a_sample()
    {
        var samples = Directory.GetFiles(Path.Combine(Repository.Root, "samples"), "*.sh").Select(file => Repository.Read(Path.GetRelativePath(Repository.Root, file))).ToList();
        var blocks = ShellBlock().Matches(Repository.Read("README.md")).Select(match => match.Groups[1].Value).ToList();

        Assert.True(blocks.Count >= 2);
        Assert.All(blocks, block => Assert.Contains(samples, sample => sample.Contains(block, StringComparison.Ordinal)));
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

    [GeneratedRegex("PackageVersion Include=\"([^\"]+)\"")]
    private static partial Regex PackageName();
}
