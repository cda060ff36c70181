using System.Text;

namespace Avouch.Server.Passwords;

/// <summary>What stands against a new password.</summary>
internal enum PasswordFault
{
    None,

    /// <summary>A lone surrogate.</summary>
    HalfCharacter,
    TooShort,
    TooLong,
    Common,
    OwnName,
    NameOfService,
}

/// <summary>
/// What a new password must be: OWASP ASVS 5.0 V6.2, and NIST SP 800-63B-4 §3.1.1.2 but for its length. Not short, not common, nothing of the
/// user's own; no rule about kinds of characters. Asked when a password is set, never at sign-in: old passwords outlive old rules.
/// </summary>
internal static class PasswordPolicy
{
    /// <summary>
    /// In Unicode code points: an emoji counts once. Eight is the floor of ASVS 6.2.1; NIST asks for 15 where no second factor follows.
    /// </summary>
    public const int MinLength = 8;
    public const int MaxLength = 256;

    private const int ShortestWord = 3;
    private const int FewestOwnLetters = 4;

    // ASVS 5.0 6.1.2 and 6.2.11: the documented words of this product, beside those of the user.
    public static readonly IReadOnlyList<string> ContextWords = ["avouch", "password", "passwort"];

    /// <summary>Null when the password is good, otherwise one sentence that says what would help.</summary>
    public static string? Check(string password, string? username, string email, string? fullName) => Explain(Find(password, username, email, fullName));

    /// <summary>What stands against a password; <see cref="PasswordFault.None"/> when it is good.</summary>
    public static PasswordFault Find(string password, string? username, string email, string? fullName)
    {
        if (PasswordBytes.HasLoneSurrogate(password)) return PasswordFault.HalfCharacter;

        int length = CountCodePoints(password);
        if (length < MinLength) return PasswordFault.TooShort;
        if (length > MaxLength) return PasswordFault.TooLong;
        if (CommonPasswords.Contains(password)) return PasswordFault.Common;
        if (IsMadeOf(FindOwnWords(username, email, fullName), password)) return PasswordFault.OwnName;
        return IsMadeOf(ContextWords, password) ? PasswordFault.NameOfService : PasswordFault.None;
    }

    /// <summary>The sentence that says what would help.</summary>
    public static string? Explain(PasswordFault fault) => fault switch
    {
        PasswordFault.HalfCharacter => "The password holds half a character that cannot be stored; please type it again.",
        PasswordFault.TooShort => $"The password is too short; please use at least {MinLength} characters, a few words are easy to remember.",
        PasswordFault.TooLong => $"The password is too long; please use at most {MaxLength} characters.",
        PasswordFault.Common => "This password is on the lists that attackers try first; please choose another, such as a few unrelated words.",
        PasswordFault.OwnName => "The password is little more than your own name or address; please choose something that others cannot know about you.",
        PasswordFault.NameOfService => "The password is little more than the name of this service; please choose another, such as a few unrelated words.",
        _ => null,
    };

    private static int CountCodePoints(string text)
    {
        int count = 0;
        foreach (var _ in text.EnumerateRunes()) count++;
        return count;
    }

    // Longest first: "annabel" is taken out as a whole before "anna" could leave "bel" behind.
    private static List<string> FindOwnWords(string? username, string email, string? fullName)
    {
        string localPart = email.Split('@')[0];
        List<string> words = [email, localPart, .. SplitWords(localPart), .. SplitWords(email)];
        if (username is not null) words.AddRange([username, .. SplitWords(username)]);
        if (fullName is not null) words.AddRange([fullName, fullName.Replace(" ", "", StringComparison.Ordinal), .. SplitWords(fullName)]);
        words.RemoveAll(word => word.Length < ShortestWord);
        words.Sort((left, right) => right.Length.CompareTo(left.Length));
        return words;
    }

    private static string[] SplitWords(string text) => text.Split([' ', '.', '_', '-', '+', '@', '\'']);

    // What is left without those words, digits and punctuation must still be something.
    private static bool IsMadeOf(IEnumerable<string> words, string password)
    {
        string rest = password;
        foreach (string word in words) rest = rest.Replace(word, " ", StringComparison.OrdinalIgnoreCase);
        return rest != password && CountLetters(rest) < FewestOwnLetters;
    }

    private static int CountLetters(string text)
    {
        int count = 0;
        foreach (var rune in text.EnumerateRunes())
            if (!Rune.IsDigit(rune) && !Rune.IsPunctuation(rune) && !Rune.IsSymbol(rune) && !Rune.IsWhiteSpace(rune)) count++;
        return count;
    }
}
