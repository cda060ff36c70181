using System.Globalization;

namespace Avouch.Server.Settings;

/// <summary>How our pages look: whose they are.</summary>
/// <param name="Color">As <c>#rrggbb</c>.</param>
/// <param name="LogoType">The media type of <paramref name="Logo"/>.</param>
internal sealed record BrandSettings(string Name, string Color, byte[]? Logo, string? LogoType, string Style)
{
    /// <summary>Logo and style travel with pages that have to be quick on a slow line.</summary>
    public const int MaxFileBytes = 16 * 1024;

    private static readonly Dictionary<string, string> LogoTypes = new(StringComparer.OrdinalIgnoreCase) { [".svg"] = "image/svg+xml", [".png"] = "image/png", [".webp"] = "image/webp" };

    public static BrandSettings Read(SettingsReader reader)
    {
        var name = reader.Text("AVOUCH_BRAND_NAME", "What pages call this service.", "Avouch");
        if (name.Length > 60) reader.Fault("AVOUCH_BRAND_NAME", name, "is too long for the head of a page", "Use at most 60 characters.");
        var color = reader.Text("AVOUCH_BRAND_COLOR", "The colour of buttons and links on pages, as #rrggbb. Lighter and darker shades are made of it where text needs contrast.", "#2f5bd7");
        if (!IsColor(color)) reader.Fault("AVOUCH_BRAND_COLOR", color, "is not a colour", "Write it as # and six hexadecimal digits, such as #2f5bd7.");
        var logoFile = reader.TextOrNull("AVOUCH_BRAND_LOGO", "A file with the logo of pages: SVG, PNG or WebP, at most 16 KiB.", "a plain sign of our own");
        var styleFile = reader.TextOrNull("AVOUCH_BRAND_STYLE", "A file of CSS that comes after ours, at most 16 KiB: set custom properties such as --radius there.", "none");
        var type = logoFile is null ? null : LogoTypes.GetValueOrDefault(Path.GetExtension(logoFile));
        if (logoFile is not null && type is null) reader.Fault("AVOUCH_BRAND_LOGO", logoFile, "is none of the formats that browsers show", "Name a file that ends in .svg, .png or .webp.");
        var logo = ReadFile(reader, "AVOUCH_BRAND_LOGO", type is null ? null : logoFile);
        var style = ReadFile(reader, "AVOUCH_BRAND_STYLE", styleFile);
        return new BrandSettings(name, color, logo, type, style is null ? "" : System.Text.Encoding.UTF8.GetString(style));
    }

    private static bool IsColor(string text) => text.Length == 7 && text[0] == '#' && int.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _);

    private static byte[]? ReadFile(SettingsReader reader, string setting, string? file)
    {
        if (file is null) return null;
        try
        {
            var bytes = File.ReadAllBytes(file);
            if (bytes.Length <= MaxFileBytes) return bytes;
            reader.Fault(setting, file, "is too large for pages that have to be quick", $"Use a file of at most {MaxFileBytes / 1024} KiB.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            reader.Fault(setting, file, $"cannot be read ({error.Message})", "Name a file that this user may read.");
        }
        return null;
    }
}
