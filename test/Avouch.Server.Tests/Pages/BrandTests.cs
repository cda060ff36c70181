using System.Net;
using System.Text;
using Avouch.Server.Settings;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Pages;

/// <summary>Name, colour, logo and style of the operator, and what they can not do.</summary>
public sealed class BrandTests : ServerTests
{
    private const string Hostile =
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32" onload="top.ran=1;document.title='ran'">
        <script>top.ran = 1; document.title = 'ran'; fetch('https://evil.example/')</script><script href="https://evil.example/x.js"/>
        <image href="https://evil.example/x.png" width="9" height="9" onerror="top.ran=1"/><style>@import url(https://evil.example/x.css);</style>
        <foreignObject width="9" height="9"><body xmlns="http://www.w3.org/1999/xhtml" onload="top.ran=1"><iframe src="javascript:top.ran=1"></iframe></body></foreignObject>
        <circle cx="16" cy="16" r="16" fill="#b0501e"/></svg>
        """;

    [Fact]
    public async Task Pages_have_the_name_the_logo_the_colour_and_the_style_of_the_operator()
    {
        await Restart(("AVOUCH_BRAND_NAME", "Müller & Söhne <b>"), ("AVOUCH_BRAND_COLOR", "#ffd400"), ("AVOUCH_BRAND_LOGO", File("logo.svg", Hostile)), ("AVOUCH_BRAND_STYLE", File("own.css", ":root { --radius: 0 }")));
        foreach (var glasses in (Glasses[])[Glasses.Plain, Glasses.Small with { IsDark = true }])
        {
            await using var alice = await Person.At(Server, glasses);
            await alice.Open("/sign-in");
            await alice.Look("branded");
            await alice.Sees("Müller & Söhne <b>");

            Assert.Equal("Sign in · Müller & Söhne <b>", await alice.Page.TitleAsync());
            Assert.Equal("0px", await alice.Page.EvaluateAsync<string>("getComputedStyle(document.querySelector('button')).borderTopLeftRadius"));
        }
    }

    /// <summary>A picture in an <c>img</c> runs nothing and asks nobody (SVG integration, secure static mode); a request to elsewhere fails the test at its end.</summary>
    [Fact]
    [Trait("ASVS", "3.2.2")]
    public async Task A_logo_runs_nothing_and_loads_nothing()
    {
        await Restart(("AVOUCH_BRAND_LOGO", File("logo.svg", Hostile)));
        await using var alice = await Person.At(Server);

        await alice.Open("/sign-in");

        Assert.True(await alice.Page.EvaluateAsync<bool>("document.querySelector('.brand img').complete && document.querySelector('.brand img').naturalWidth > 0"));
        Assert.False(await alice.Page.EvaluateAsync<bool>("'ran' in window"));
        Assert.Equal("Sign in · Avouch", await alice.Page.TitleAsync());
        Assert.DoesNotContain("<script>top", (await Client.Get("/sign-in")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_style_of_the_operator_comes_last_and_another_style_has_another_address()
    {
        var before = await Address();
        await Restart(("AVOUCH_BRAND_STYLE", File("own.css", ".card { border: 0 }")));
        var after = await Address();

        var style = await Client.Get(after);

        Assert.NotEqual(before, after);
        Assert.EndsWith(".card { border: 0 }", style.Text, StringComparison.Ordinal);
        Assert.Equal(("public, max-age=31536000, immutable", "text/css; charset=utf-8"), (style.Headers["Cache-Control"], style.Headers["Content-Type"]));
        Assert.Equal("no-cache", (await Client.Get(before)).Headers["Cache-Control"]);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.Get("/assets/..%2f..%2fappsettings.json")).Status);
    }

    [Theory]
    [InlineData("AVOUCH_BRAND_NAME", "A name that is far too long for the head of any page, whatever it may say", "at most 60 characters")]
    [InlineData("AVOUCH_BRAND_COLOR", "blue", "six hexadecimal digits")]
    [InlineData("AVOUCH_BRAND_COLOR", "#12345", "six hexadecimal digits")]
    [InlineData("AVOUCH_BRAND_COLOR", "#12345g", "six hexadecimal digits")]
    [InlineData("AVOUCH_BRAND_COLOR", "# 12345", "six hexadecimal digits")]
    [InlineData("AVOUCH_BRAND_COLOR", "#fff;}*", "six hexadecimal digits")]
    [InlineData("AVOUCH_BRAND_LOGO", "SCRATCH/missing.svg", "that this user may read")]
    [InlineData("AVOUCH_BRAND_LOGO", "SCRATCH/logo.gif", ".svg, .png or .webp")]
    [InlineData("AVOUCH_BRAND_LOGO", "SCRATCH/large.png", "at most 16 KiB")]
    [InlineData("AVOUCH_BRAND_LOGO", "SCRATCH", ".svg, .png or .webp")]
    [InlineData("AVOUCH_BRAND_STYLE", "SCRATCH/large.css", "at most 16 KiB")]
    [InlineData("AVOUCH_BRAND_STYLE", "SCRATCH/missing.css", "that this user may read")]
    [InlineData("AVOUCH_BRAND_STYLE", "SCRATCH", "that this user may read")]
    public void What_cannot_be_used_is_refused_with_a_remedy(string setting, string value, string remedy)
    {
        File("logo.gif", "GIF89a");
        File("large.png", new string('x', BrandSettings.MaxFileBytes + 1));
        File("large.css", new string('x', BrandSettings.MaxFileBytes + 1));

        var (_, reader) = Read(setting, value.Replace("SCRATCH", Scratch, StringComparison.Ordinal));

        var fault = Assert.Single(reader.Faults);
        Assert.Equal(setting, fault.Name);
        Assert.Contains(remedy, fault.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("logo.svg", "image/svg+xml")]
    [InlineData("logo.PNG", "image/png")]
    [InlineData("logo.webp", "image/webp")]
    public void A_logo_of_just_the_size_is_taken(string name, string type)
    {
        var (brand, reader) = Read("AVOUCH_BRAND_LOGO", File(name, new string('x', BrandSettings.MaxFileBytes)));

        Assert.Empty(reader.Faults);
        Assert.Equal((type, BrandSettings.MaxFileBytes), (brand.LogoType, brand.Logo!.Length));
    }

    private static (BrandSettings Brand, SettingsReader Reader) Read(string setting, string value)
    {
        var reader = new SettingsReader(new SettingsSource().Add("test", new Dictionary<string, string> { [setting] = value }));
        return (BrandSettings.Read(reader), reader);
    }

    private async Task<string> Address() => System.Text.RegularExpressions.Regex.Match((await Client.Get("/sign-in")).Text, "/assets/avouch\\.css\\?v=[0-9a-f]{12}").Value;

    private string File(string name, string text)
    {
        var path = Path.Combine(Scratch, name);
        System.IO.File.WriteAllText(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return path;
    }
}
