using Avouch.Server.Passwords;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Passwords;

/// <summary>OWASP ASVS 5.0 V6.2; the traits name the requirement that a test proves.</summary>
public sealed class PasswordPolicyTests
{
    [Theory]
    [Trait("ASVS", "6.2.1")]
    [InlineData("kRx7 vq", "too short")]
    [InlineData("👍🍕🎈🚲🧊🪁🦉", "too short")] // seven code points, fourteen UTF-16 units
    [InlineData("", "too short")]
    [InlineData("kRx7 vqz", null)]
    [InlineData("👍🍕🎈🚲🧊🪁🦉🐙", null)]
    public void A_password_has_at_least_eight_code_points(string password, string? reason) => AssertCheck(password, reason);

    [Theory]
    [Trait("ASVS", "6.2.9")]
    [InlineData(64, null), InlineData(256, null), InlineData(257, "too long")]
    public void A_password_has_at_most_256_code_points(int length, string? reason)
    {
        AssertCheck(string.Concat(Enumerable.Repeat("ж", length)), reason);
        AssertCheck(string.Concat(Enumerable.Repeat("🦉", length)), reason);
    }

    [Theory]
    [Trait("ASVS", "6.2.5")]
    [InlineData("lowercaseletterz"), InlineData("UPPERCASE LETTERZ"), InlineData("        "), InlineData("4815162342 8675309")]
    [InlineData("!§$%&/()=?"), InlineData("パスワードは秘密"), InlineData("tab\tand\nline\0nul"), InlineData("correct horse battery staple")]
    public void No_kind_of_character_is_asked_for_or_refused(string password) => AssertCheck(password, null);

    [Fact] // no theory: the compiler replaces lone surrogates in the arguments of attributes
    public void Half_a_character_is_refused()
    {
        AssertCheck("half a character \uD83D", "half a character");
        AssertCheck("\uDC4D backwards \uD83D", "half a character");
        AssertCheck("\uD800", "half a character");
    }

    [Theory]
    [Trait("ASVS", "6.2.4")]
    [InlineData("12345678"), InlineData("password"), InlineData("PassWord1"), InlineData("football"), InlineData("jennifer"), InlineData("CHRISTOPHER")]
    [InlineData("qwertyuiop"), InlineData("understand")]
    public void A_common_password_is_refused_in_any_case(string password) => AssertCheck(password, "attackers");

    [Fact]
    [Trait("ASVS", "6.2.4")]
    public void Every_one_of_the_ten_thousand_commonest_passwords_is_refused()
    {
        string[] common = [.. Vectors.Read("passwords/common-10k.json").GetProperty("passwords").EnumerateArray().Select(row => row.GetString()!)];
        Assert.Equal(10_000, common.Length);
        Assert.DoesNotContain(common, password => Check(password) is null);
    }

    [Theory]
    [Trait("ASVS", "6.2.11")]
    [InlineData("annabel.lee"), InlineData("ANNABEL.LEE"), InlineData("annabel.lee@example.org"), InlineData("annabel lee")]
    [InlineData("Annabel1849"), InlineData("1849-annabel!"), InlineData("leeannabel"), InlineData("annabelannabel"), InlineData("raven_49!!!")]
    [InlineData("!!raven_49"), InlineData("Annabel Maria Lee"), InlineData("AnnabelMariaLee"), InlineData("example.org1"), InlineData("xAnnabelx")]
    public void A_password_made_of_the_user_s_own_names_is_refused(string password) => AssertCheck(password, "your own name");

    [Theory]
    [InlineData("annabel likes tulips"), InlineData("sleepless raven nights"), InlineData("leek soup on mondays")]
    public void A_name_among_other_words_is_no_reason(string password) => AssertCheck(password, null);

    [Theory]
    [Trait("ASVS", "6.1.2")]
    [Trait("ASVS", "6.2.11")]
    [InlineData("avouch2026"), InlineData("Avouch!!!"), InlineData("password!2026"), InlineData("avouchavouch")]
    public void The_name_of_the_service_is_refused(string password) => AssertCheck(password, "this service");

    [Fact]
    public void A_user_without_names_is_checked_too()
    {
        Assert.Null(PasswordPolicy.Check("tulips in the rain", null, "", null));
        Assert.NotNull(PasswordPolicy.Check("jo@example.net", null, "jo@example.net", ""));
    }

    [Fact]
    public void A_short_name_inside_a_long_one_hides_nothing() =>
        Assert.NotNull(PasswordPolicy.Check("annabelle-1", "ann", "annabelle@example.net", null));

    private static string? Check(string password) =>
        PasswordPolicy.Check(password, "raven_49", "annabel.lee@example.org", "Annabel Maria Lee");

    private static void AssertCheck(string password, string? reason)
    {
        string? sentence = Check(password);
        if (reason is null) Assert.Null(sentence);
        else Assert.Contains(reason, sentence);
    }
}
