namespace Avouch.Protocol;

/// <summary>
/// The characters of descriptions: %x20-21 / %x23-5B / %x5D-7E (RFC 6749 §5.2, RFC 6750 §3). The rest is replaced, not escaped: clients differ
/// in how they read a quoted-pair.
/// </summary>
internal static class QuotedText
{
    public static string Of(string text) => string.Create(text.Length, text, static (target, source) =>
    {
        for (var at = 0; at < source.Length; at++) target[at] = Allowed(source[at]);
    });

    private static char Allowed(char character) => character switch
    {
        '"' => '\'',
        '\\' => '/',
        < ' ' or > '~' => '?',
        _ => character,
    };
}
