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

    [Theory]
    [InlineData("README.md")]
    [InlineData("CHANGELOG.md")]
    [InlineData("docs/mail.md")]
    [InlineData("docs/browser.md")]
    [InlineData("docs/behind-a-proxy.md")]
    public void Every_setting_that_a_guide_names_is_one(string document)
    {
        var settings = SettingName().Matches(Repository.Read("docs/configuration.md")).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        var named = SettingName().Matches(Repository.Read(document)).Select(match => match.Value.EndsWith("_FILE", StringComparison.Ordinal) && !settings.Contains(match.Value) ? match.Value[..^5] : match.Value).ToList();

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, settings));
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

    [GeneratedRegex("AVOUCH_[A-Z0-9]+(_[A-Z0-9]+)*")]
    private static partial Regex SettingName();

    [GeneratedRegex("PackageVersion Include=\"([^\"]+)\"")]
    private static partial Regex PackageName();
}
