using System.Globalization;
using System.Text;

namespace Avouch.Server.Users;

/// <summary>
/// What "the same name" means: user names and addresses are equal when their keys are. Compatibility forms (full-width letters, ligatures) and
/// case make no difference; the unique indexes stand on the key, and what people typed is kept beside it.
/// </summary>
internal static class NameKey
{
    private static readonly IdnMapping Idn = new();

    /// <summary>
    /// Unicode NFKC, case folded (Unicode §3.13, toNFKC_Casefold); the domain of an address in its ASCII form (RFC 5890), so that both ways to write
    /// it are one. Letters are taken apart before they are folded: then the simple mapping does what the full one would.
    /// </summary>
    public static string Of(string name)
    {
        var key = Fold(Normalizable(name).Trim().Normalize(NormalizationForm.FormKD)).Normalize(NormalizationForm.FormKC);
        var at = key.LastIndexOf('@');
        return at < 0 || Ascii.IsValid(key.AsSpan(at)) ? key : key[..(at + 1)] + ToAscii(key[(at + 1)..]);
    }

    /// <summary>What cannot be a domain stays as it is: nobody has an account there.</summary>
    private static string ToAscii(string domain)
    {
        try
        {
            return Idn.GetAscii(domain);
        }
        catch (ArgumentException)
        {
            return domain;
        }
    }

    /// <summary>The framework does not normalise a text with the noncharacter U+FFFE in it and throws. Nobody's name holds one, so its place is enough.</summary>
    private static string Normalizable(string text) => text.Replace('\uFFFE', '\uFFFD');

    /// <summary>Without Unicode tables, names that look alike would count as different, and nobody would notice.</summary>
    /// <exception cref="StartException">This machine has none.</exception>
    public static void RequireUnicode()
    {
        if (Of("\uFF21\uFB01") != "afi")
            throw new StartException("This machine has no Unicode tables (ICU), so equal names could not be told.", "Install libicu, and leave DOTNET_SYSTEM_GLOBALIZATION_INVARIANT unset.");
    }

    /// <summary>
    /// Upper case first: it joins letters that have several lower cases (final sigma, long s). Sharp s is the one letter in use whose full folding
    /// is two letters, which the invariant case mapping leaves alone.
    /// </summary>
    private static string Fold(string text) =>
        text.ToUpperInvariant().ToLowerInvariant().Replace("ß", "ss", StringComparison.Ordinal).Replace("ẞ", "ss", StringComparison.Ordinal);
}
