using System.Buffers;
using System.Globalization;
using System.Text;

namespace Avouch.Server.Users;

/// <summary>What a user name, an address and a person's name may look like. Each check gives a sentence that helps, or nothing.</summary>
internal static class AccountRules
{
    private const int MinUsername = 2;
    private const int MaxUsername = 64;
    private const int MaxFullName = 200;

    /// <summary>RFC 5321 §4.5.3.1: 254 octets for the address, 64 for what stands before the @.</summary>
    private const int MaxEmail = 254;

    private const int MaxLocalPart = 64;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create(" \t\"(),:;<>[]\\");

    /// <summary>No <c>@</c>: then nobody can take somebody's address as a name and catch their sign-in.</summary>
    public static string? CheckUsername(string name)
    {
        if (Length(name) is < MinUsername or > MaxUsername) return $"A user name has {MinUsername} to {MaxUsername} characters.";
        if (NameKey.Of(name).Contains('@', StringComparison.Ordinal)) return "A user name holds no @.";
        if (name.Any(char.IsWhiteSpace) || !IsPlain(name)) return "A user name holds no spaces and no invisible characters.";
        return Confusables.MixesScripts(name) ? "A user name has letters of one script: others look the same and are different ones." : null;
    }

    /// <summary>
    /// Something before the <c>@</c>, a domain after it, nothing that could break a mail header. Whether it receives mail is shown by mail alone.
    /// </summary>
    public static string? CheckEmail(string? email)
    {
        if (string.IsNullOrWhiteSpace(email)) return "An e-mail address is needed.";
        var address = email.Trim();
        if (!IsPlain(address) || Encoding.UTF8.GetByteCount(address) > MaxEmail) return "This is not an e-mail address.";
        var at = address.LastIndexOf('@');
        if (at is < 1 or > MaxLocalPart || address.IndexOf('@', StringComparison.Ordinal) != at) return "This is not an e-mail address.";
        if (address.Normalize(NormalizationForm.FormKC).AsSpan().ContainsAny(Forbidden)) return "This is not an e-mail address.";
        var local = address[..at];
        if (local.StartsWith('.') || local.EndsWith('.') || local.Contains("..", StringComparison.Ordinal)) return "This is not an e-mail address.";
        return IsDomain(address[(at + 1)..]) ? null : "This is not an e-mail address.";
    }

    public static string? CheckFullName(string name)
    {
        if (Length(name) > MaxFullName) return $"A name has at most {MaxFullName} characters.";
        return IsPlain(name, mayJoin: true) ? null : "A name holds no control characters and no invisible ones.";
    }

    /// <summary>Labels of letters, digits and hyphens, in a form that the domain name system can carry (RFC 5890).</summary>
    private static bool IsDomain(string domain) =>
        domain.Split('.').All(label => label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.EnumerateRunes().All(IsOfDomain))
        && !NameKey.Of("@" + domain).AsSpan().ContainsAnyExceptInRange('\0', '\x7f');

    private static bool IsOfDomain(Rune rune) => rune.Value == '-' || Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>No control characters, nothing unassigned, no broken surrogates, and nothing invisible but the joiners of letters, where they may stand.</summary>
    private static bool IsPlain(string text, bool mayJoin = false)
    {
        for (var i = 0; i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var used) != OperationStatus.Done) return false;
            var isJoiner = rune.Value is 0x200C or 0x200D;   // Persian and Indic names need them
            if (isJoiner ? !mayJoin : !IsPlain(rune)) return false;
            i += used;
        }
        return true;
    }

    private static bool IsPlain(Rune rune) => !IsInvisible(rune.Value) && Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse => false,
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        _ => true,
    };

    /// <summary>
    /// Default_Ignorable_Code_Point (Unicode §5.21) beyond the category of format characters, the blank Braille pattern, and what stands for
    /// letters that could not be read: two names that differ only in these look the same.
    /// </summary>
    private static bool IsInvisible(int value) => value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x2065
        or 0x2800 or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0 or (>= 0xFFF0 and <= 0xFFF8) or 0xFFFD or (>= 0xE0000 and <= 0xE0FFF);

    private static int Length(string text) => text.EnumerateRunes().Count();
}
