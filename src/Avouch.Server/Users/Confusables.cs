using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Avouch.Server.Users;

/// <summary>
/// Which user names look like others (Unicode Technical Standard 39). Not all of it: letters of one script, or of those that are written together
/// (§5.2, "highly restrictive"), and of the data of §4 what makes Latin, Cyrillic and Greek letters look like ASCII. That is where whole words can be
/// copied.
/// </summary>
internal static class Confusables
{
    /// <summary>
    /// From confusables.txt of UTS 39: each letter, and what it looks like. Only letters that NFKC leaves alone, and only prototypes in ASCII.
    /// </summary>
    private const string Table =
        """
        0O 1l Il mrn |l ͿJ ΑA ΒB ΕE ΖZ ΗH Ιl ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX αa γy ιi νv οo ρp σo υu ϜF Ϩ2 ϳj ϺM ЅS Іl ЈJ АA ВB ЕE З3 КK МM НH ОO РP СC
        ТT УY ХX Ыbl Ьb ЮlO аa б6 гr еe оo рp сc уy хx ѕs іi јj ѡw ѴV ѵv ҮY үy һh ҽe Ӏl ӏi ӔAE ӕae Ӡ3 ԁd ԌG ԛq ԜW ԝw
        """;

    private static readonly FrozenDictionary<char, string> Prototypes =
        Table.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).ToFrozenDictionary(pair => pair[0], pair => pair[1..]);

    /// <summary>Names with the same skeleton can be taken for one another. Case is folded last: a capital I is an l, a small one is not.</summary>
    public static string SkeletonOf(string name)
    {
        var skeleton = new StringBuilder();
        foreach (var letter in name.Trim().Normalize(NormalizationForm.FormKD))
            skeleton.Append(Prototypes.TryGetValue(letter, out var prototype) ? prototype : letter);
        return NameKey.Of(skeleton.ToString());
    }

    /// <summary>Whether a name mixes scripts that are not written together, or uses one that is hardly in use today (UAX 31 table 5 has those that are).</summary>
    public static bool MixesScripts(string name)
    {
        var scripts = Script.None;
        foreach (var rune in NameKey.Of(name).EnumerateRunes())
            if (IsOfScript(rune)) scripts |= ScriptOf(rune.Value);
        return !Array.Exists(Together, allowed => (scripts & ~allowed) == 0) && (scripts & (scripts - 1)) != 0 || scripts.HasFlag(Script.Unusual);
    }

    /// <summary>Signs and European digits belong to none; marks that stand on any letter neither.</summary>
    private static bool IsOfScript(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark => !IsCommonMark(rune.Value),
        UnicodeCategory.SpacingCombiningMark or UnicodeCategory.LetterNumber => true,
        UnicodeCategory.DecimalDigitNumber => rune.Value > 0x39,
        _ => Rune.IsLetter(rune),
    };

    private static bool IsCommonMark(int value) => value is (>= 0x0300 and <= 0x036F) or (>= 0x1AB0 and <= 0x1AFF) or (>= 0x1DC0 and <= 0x1DFF) or (>= 0x20D0 and <= 0x20FF) or 0x3099 or 0x309A;

    private static Script ScriptOf(int value)
    {
        foreach (var (first, last, script) in Blocks)
            if (value >= first && value <= last) return script;
        return Script.Unusual;
    }

    [Flags]
    private enum Script : long
    {
        None = 0,
        Unusual = 1,
        Latin = 1 << 1,
        Greek = 1 << 2,
        Cyrillic = 1 << 3,
        Armenian = 1 << 4,
        Hebrew = 1 << 5,
        Arabic = 1 << 6,
        Thaana = 1 << 7,
        Devanagari = 1 << 8,
        Bengali = 1 << 9,
        Gurmukhi = 1 << 10,
        Gujarati = 1 << 11,
        Oriya = 1 << 12,
        Tamil = 1 << 13,
        Telugu = 1 << 14,
        Kannada = 1 << 15,
        Malayalam = 1 << 16,
        Sinhala = 1 << 17,
        Thai = 1 << 18,
        Lao = 1 << 19,
        Tibetan = 1 << 20,
        Myanmar = 1 << 21,
        Georgian = 1 << 22,
        Ethiopic = 1 << 23,
        Khmer = 1 << 24,
        Hangul = 1 << 25,
        Bopomofo = 1 << 26,
        Han = 1 << 27,
        Hiragana = 1 << 28,
        Katakana = 1 << 29,
    }

    /// <summary>UTS 39 §5.2: Japanese, Chinese and Korean, each with Latin.</summary>
    private static readonly Script[] Together =
    [
        Script.Latin | Script.Han | Script.Hiragana | Script.Katakana,
        Script.Latin | Script.Han | Script.Bopomofo,
        Script.Latin | Script.Han | Script.Hangul,
    ];

    private static readonly (int First, int Last, Script Script)[] Blocks =
    [
        (0x0041, 0x02AF, Script.Latin), (0x1E00, 0x1EFF, Script.Latin), (0x2C60, 0x2C7F, Script.Latin), (0xA720, 0xA7FF, Script.Latin), (0xAB30, 0xAB64, Script.Latin),
        (0x0370, 0x03FF, Script.Greek), (0x1F00, 0x1FFF, Script.Greek),
        (0x0400, 0x052F, Script.Cyrillic), (0x1C80, 0x1C8F, Script.Cyrillic), (0x2DE0, 0x2DFF, Script.Cyrillic), (0xA640, 0xA69F, Script.Cyrillic),
        (0x0530, 0x058F, Script.Armenian), (0x0590, 0x05FF, Script.Hebrew),
        (0x0600, 0x06FF, Script.Arabic), (0x0750, 0x077F, Script.Arabic), (0x0870, 0x08FF, Script.Arabic), (0x0780, 0x07BF, Script.Thaana),
        (0x0900, 0x097F, Script.Devanagari), (0xA8E0, 0xA8FF, Script.Devanagari), (0x0980, 0x09FF, Script.Bengali), (0x0A00, 0x0A7F, Script.Gurmukhi),
        (0x0A80, 0x0AFF, Script.Gujarati), (0x0B00, 0x0B7F, Script.Oriya), (0x0B80, 0x0BFF, Script.Tamil), (0x0C00, 0x0C7F, Script.Telugu),
        (0x0C80, 0x0CFF, Script.Kannada), (0x0D00, 0x0D7F, Script.Malayalam), (0x0D80, 0x0DFF, Script.Sinhala), (0x0E00, 0x0E7F, Script.Thai),
        (0x0E80, 0x0EFF, Script.Lao), (0x0F00, 0x0FFF, Script.Tibetan), (0x1000, 0x109F, Script.Myanmar), (0xA9E0, 0xA9FF, Script.Myanmar), (0xAA60, 0xAA7F, Script.Myanmar),
        (0x10A0, 0x10FF, Script.Georgian), (0x1C90, 0x1CBF, Script.Georgian), (0x2D00, 0x2D2F, Script.Georgian),
        (0x1200, 0x139F, Script.Ethiopic), (0x2D80, 0x2DDF, Script.Ethiopic), (0xAB00, 0xAB2F, Script.Ethiopic), (0x1780, 0x17FF, Script.Khmer),
        (0x1100, 0x11FF, Script.Hangul), (0x3130, 0x318F, Script.Hangul), (0xA960, 0xA97F, Script.Hangul), (0xAC00, 0xD7FF, Script.Hangul),
        (0x3040, 0x309F, Script.Hiragana), (0x30A0, 0x30FF, Script.Katakana), (0x31F0, 0x31FF, Script.Katakana), (0x3100, 0x312F, Script.Bopomofo), (0x31A0, 0x31BF, Script.Bopomofo),
        (0x2E80, 0x2FDF, Script.Han), (0x3005, 0x3007, Script.Han), (0x3021, 0x3029, Script.Han), (0x3400, 0x4DBF, Script.Han), (0x4E00, 0x9FFF, Script.Han), (0xF900, 0xFAFF, Script.Han), (0x20000, 0x3FFFF, Script.Han),
    ];
}
