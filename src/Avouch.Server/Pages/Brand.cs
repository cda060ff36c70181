using System.Globalization;
using Avouch.Server.Settings;

namespace Avouch.Server.Pages;

/// <summary>Whose pages these are: name, sign, colours. Shades are made so that text on them and text in them can be read (WCAG 2.2, 1.4.3).</summary>
internal sealed class Brand(BrandSettings settings)
{
    private const double Readable = 4.6;

    private static readonly Shade White = new(255, 255, 255);

    /// <summary>What text is hardest to read on: of the light backgrounds of avouch.css the darkest, of the dark ones the lightest.</summary>
    private static readonly (Shade Light, Shade Dark) Hardest = (Shade.Parse("#fdebe9"), Shade.Parse("#3d2f10"));

    public string Name => settings.Name;

    /// <summary>The logo as it stands in a page, where the operator has one.</summary>
    public string? Logo { get; } = settings.Logo is null ? null : $"data:{settings.LogoType};base64,{Convert.ToBase64String(settings.Logo)}";

    /// <summary>The small picture of a browser's tab, as it stands in a page.</summary>
    public string Icon { get; } = "data:image/svg+xml," + Uri.EscapeDataString(
        $"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='8' fill='{Shade.Parse(settings.Color).Until(White, Readable)}'/><path d='M9 16.5l5 5 9-11' fill='none' stroke='#fff' stroke-width='3.5' stroke-linecap='round' stroke-linejoin='round'/></svg>");

    /// <summary>Colours as custom properties, and what the operator added.</summary>
    public string Style
    {
        get
        {
            var color = Shade.Parse(settings.Color);
            var fill = color.Until(White, Readable);
            return $":root{{--accent:{fill};--accent-text:{color.Until(Hardest.Light, Readable)}}}"
                + $"@media(prefers-color-scheme:dark){{:root{{--accent-text:{color.Until(Hardest.Dark, Readable)}}}}}\n" + settings.Style;
        }
    }

    /// <summary>A colour in sRGB.</summary>
    internal readonly record struct Shade(double Red, double Green, double Blue)
    {
        public static Shade Parse(string text)
        {
            var value = int.Parse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            return new Shade(value >> 16, (value >> 8) & 255, value & 255);
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"#{(int)Math.Round(Red):x2}{(int)Math.Round(Green):x2}{(int)Math.Round(Blue):x2}");

        /// <summary>The nearest shade that can be read on a background: darker on a light one, lighter on a dark one.</summary>
        public Shade Until(Shade background, double contrast)
        {
            var goal = background.Luminance > 0.18 ? new Shade(0, 0, 0) : White;
            for (var step = 0; step <= 100; step++)
            {
                var shade = Mix(goal, step / 100.0);
                if (shade.Contrast(background) >= contrast) return shade;
            }
            return goal;
        }

        /// <summary>WCAG 2.2, contrast ratio.</summary>
        public double Contrast(Shade other)
        {
            var (light, dark) = (Math.Max(Luminance, other.Luminance), Math.Min(Luminance, other.Luminance));
            return (light + 0.05) / (dark + 0.05);
        }

        /// <summary>WCAG 2.2, relative luminance.</summary>
        public double Luminance => (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

        private Shade Mix(Shade other, double share) => new(Red + ((other.Red - Red) * share), Green + ((other.Green - Green) * share), Blue + ((other.Blue - Blue) * share));

        private static double Linear(double channel) => channel / 255 <= 0.04045 ? channel / 255 / 12.92 : Math.Pow(((channel / 255) + 0.055) / 1.055, 2.4);
    }
}
