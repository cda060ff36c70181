using System.Text.RegularExpressions;
using Avouch.Server.Pages;
using Avouch.Server.Settings;
using Avouch.Server.Tests.House;
using FsCheck;
using FsCheck.Fluent;

namespace Avouch.Server.Tests.Pages;

/// <summary>Text can be read (WCAG 2.2, 1.4.3) on whatever it stands on, in light and dark, in every colour that an operator may choose.</summary>
public sealed partial class ContrastTests
{
    private const double Text = 4.5;
    private const double Shapes = 3;   // 1.4.11: the line of a field

    private static readonly string Style = Repository.Read("src/Avouch.Server/Pages/Assets/avouch.css");
    private static readonly Dictionary<string, Brand.Shade> Light = Properties(Style.Split("@media", 2)[0]);
    private static readonly Dictionary<string, Brand.Shade> Dark = Properties(DarkRoot().Match(Style).Groups[1].Value);

    private static readonly string[] Surfaces = ["page", "surface", "raised", "good-soft", "bad-soft", "warn-soft"];
    private static readonly string[] Writing = ["text", "muted", "good", "bad", "warn"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_text_can_be_read_on_every_surface(bool isDark)
    {
        var shades = isDark ? Dark : Light;

        foreach (var surface in Surfaces)
            foreach (var text in Writing)
                Assert.True(shades[text].Contrast(shades[surface]) >= Text, $"--{text} on --{surface}: {shades[text].Contrast(shades[surface]):0.00}");
        foreach (var surface in Surfaces[..3])
            Assert.True(shades["field-line"].Contrast(shades[surface]) >= Shapes, $"--field-line on --{surface}");
    }

    /// <summary>A colour that a rule uses and the test above does not know would not be looked at.</summary>
    [Fact]
    public void The_rules_use_no_other_colours()
    {
        Assert.Empty(TextVariable().Matches(Style).Select(match => match.Groups[1].Value).Except([.. Writing, "link", "accent-text"]));
        Assert.Empty(SurfaceVariable().Matches(Style).Select(match => match.Groups[1].Value).Except([.. Surfaces, "accent", "line", "field-line"]));   // nothing is written on a line
        foreach (Match rule in Rule().Matches(Style.Replace(DarkRoot().Match(Style).Value, "", StringComparison.Ordinal)))
            if (Literal(rule.Value, "color") is { } text && Literal(rule.Value, "background") is { } surface) Assert.True(text.Contrast(surface) >= Text, rule.Value);
    }

    [Theory]
    [InlineData("#000000")]
    [InlineData("#ffffff")]
    [InlineData("#ffff00")]
    [InlineData("#00ff00")]
    [InlineData("#2f5bd7")]
    [InlineData("#777777")]
    [InlineData("#FF0000")]
    public void A_colour_of_the_operator_is_shaded_until_it_can_be_read(string color) => MustBeReadable(color);

    [Fact]
    public void So_is_every_colour() =>
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(ArbMap.Default.ArbFor<byte>().Generator.Three().ToArbitrary(), shade =>
            MustBeReadable($"#{shade.Item1:x2}{shade.Item2:x2}{shade.Item3:x2}")));

    [Fact]
    public void What_can_be_read_as_it_is_stays_as_it_is()
    {
        var brand = Of("#2f5bd7");

        Assert.Contains("--accent:#2f5bd7;--accent-text:#2f5bd7", brand.Style, StringComparison.Ordinal);
        Assert.Contains(Uri.EscapeDataString("fill='#2f5bd7'"), brand.Icon, StringComparison.Ordinal);
    }

    private static void MustBeReadable(string color)
    {
        var style = Of(color).Style.Split("@media", 2);
        var (light, dark) = (Properties(style[0]), Properties(style[1]));

        Assert.True(new Brand.Shade(255, 255, 255).Contrast(light["accent"]) >= Text, $"white on {color}");
        foreach (var surface in Surfaces)
        {
            Assert.True(light["accent-text"].Contrast(Light[surface]) >= Text, $"{color} on --{surface}");
            Assert.True(dark["accent-text"].Contrast(Dark[surface]) >= Text, $"{color} on --{surface}, dark");
        }
    }

    private static Brand Of(string color) => new(new BrandSettings("Acme", color, null, null, ""));

    private static Dictionary<string, Brand.Shade> Properties(string css) =>
        Property().Matches(css).ToDictionary(match => match.Groups[1].Value, match => Brand.Shade.Parse(match.Groups[2].Value));

    private static Brand.Shade? Literal(string rule, string property) =>
        Regex.Match(rule, $@"[{{;]\s*{property}: (#[0-9a-f]{{3,6}})\b") is { Success: true } match ? Brand.Shade.Parse(match.Groups[1].Value is [_, var r, var g, var b] ? $"#{r}{r}{g}{g}{b}{b}" : match.Groups[1].Value) : null;

    [GeneratedRegex(@"--([a-z-]+): ?(#[0-9a-f]{6})\b")]
    private static partial Regex Property();

    [GeneratedRegex(@"@media \(prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}")]
    private static partial Regex DarkRoot();

    [GeneratedRegex(@"[{;]\s*color: var\(--([a-z-]+)\)")]
    private static partial Regex TextVariable();

    [GeneratedRegex(@"[{;]\s*background(?:-color)?: var\(--([a-z-]+)\)")]
    private static partial Regex SurfaceVariable();

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Rule();
}
