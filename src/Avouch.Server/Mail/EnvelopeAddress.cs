using System.Globalization;
using System.Text;

namespace Avouch.Server.Mail;

/// <summary>
/// An address in the form that goes over the wire (RFC 5321 §4.1.2), a second look at what has been checked when it was stored: nothing that could end
/// its line or its brackets comes past this point.
/// </summary>
/// <param name="Text">With the domain in ASCII where the part before the <c>@</c> is; else as it is.</param>
/// <param name="IsInternational">Only a server that knows SMTPUTF8 (RFC 6531) takes it.</param>
internal sealed record EnvelopeAddress(string Text, bool IsInternational)
{
    private const string Atoms = "!#$%&'*+-/=?^_`{|}~.";
    private const int MaxLocalOctets = 64;
    private const int MaxOctets = 254;

    private static readonly IdnMapping Idn = new();

    /// <returns>Nothing where no server could be given it.</returns>
    public static EnvelopeAddress? Of(string address)
    {
        var at = address.LastIndexOf('@');
        if (at < 1 || at == address.Length - 1 || Encoding.UTF8.GetByteCount(address) > MaxOctets) return null;
        var (local, domain) = (address[..at], address[(at + 1)..]);
        if (Encoding.UTF8.GetByteCount(local) > MaxLocalOctets || !local.All(IsAtom) || local.StartsWith('.') || local.EndsWith('.') || local.Contains("..", StringComparison.Ordinal)) return null;
        if (ToAscii(domain) is not { } ascii) return null;
        return Ascii.IsValid(local) ? new EnvelopeAddress($"{local}@{ascii}", false) : new EnvelopeAddress($"{local}@{domain}", true);
    }

    private static bool IsAtom(char letter) => char.IsAscii(letter) ? char.IsAsciiLetterOrDigit(letter) || Atoms.Contains(letter, StringComparison.Ordinal) : !char.IsControl(letter) && !char.IsWhiteSpace(letter);

    private static string? ToAscii(string domain)
    {
        try
        {
            var ascii = Idn.GetAscii(domain);
            return ascii.Split('.').All(label => label.Length > 0 && label.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')) ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;   // no name that the domain name system can carry
        }
    }
}
