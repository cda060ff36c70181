using System.Net;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Strings;

/// <summary>
/// The 164 address forms of Dominic Sayers' isemail, through registration and sign-in. We take what mail can be sent to without quoting or comments:
/// everything that the list calls wrong or deprecated is refused, and what is taken comes back as it was typed.
/// </summary>
public sealed class AddressFormTests(SharedServer shared) : IClassFixture<SharedServer>
{
    /// <summary>Right by RFC 5321 or 5322, and refused all the same: nobody has such an address, and each of these forms has hidden an attack.</summary>
    private static readonly string[] RefusedForms = ["RFC5321_QUOTEDSTRING", "RFC5321_ADDRESSLITERAL", "RFC5321_IPV6DEPRECATED", "CFWS_COMMENT", "CFWS_FWS"];

    public static TheoryData<int, string, string, string> Addresses()
    {
        var data = new TheoryData<int, string, string, string>();
        foreach (var row in Vectors.Read("email/isemail.json").GetProperty("tests").EnumerateArray())
            data.Add(row.GetProperty("id").GetInt32(), Real(row.Text("address")), row.Text("category").Replace("ISEMAIL_", ""), row.Text("diagnosis").Replace("ISEMAIL_", ""));
        return data;
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task An_address_is_taken_or_refused_by_its_form(int id, string address, string category, string diagnosis)
    {
        var before = await shared.Server.Count("users");

        var answer = await shared.Client.PostJson("/api/v1/auth/register", new { email = address, password = TestClient.Password });

        if (IsUsable(category, diagnosis) || IsUsableTrimmed(address)) MustBeTaken(answer, address, id);
        else MustBeRefused(answer, id);
        Assert.Equal(before + (answer.Status == HttpStatusCode.Created ? 1 : 0), await shared.Server.Count("users"));
        if (answer.Status == HttpStatusCode.Created) await shared.Client.SignIn(address);
    }

    private static void MustBeTaken(Answer answer, string address, int id)
    {
        Assert.True(answer.Status is HttpStatusCode.Created or HttpStatusCode.Conflict, $"{id}: {answer.Text}");   // the list has some twice, in other case
        if (answer.Status == HttpStatusCode.Created) Assert.Equal(address.Trim(), answer.Json.Text("email"));
    }

    private static void MustBeRefused(Answer answer, int id)
    {
        Assert.True(answer.Status == HttpStatusCode.UnprocessableEntity, $"{id}: {answer.Text}");
        Assert.Equal("email", answer.Fields());
    }

    /// <summary>White space around an address is taken off first, as people paste it.</summary>
    private static bool IsUsableTrimmed(string address) => address.Trim() == "test@iana.org";

    private static bool IsUsable(string category, string diagnosis) => (category, diagnosis) switch
    {
        ("VALID_CATEGORY" or "DNSWARN", _) => true,
        ("RFC5321", _) => !RefusedForms.Contains(diagnosis),
        _ => false,
    };

    /// <summary>The list writes control characters as their pictures (U+2400 and following).</summary>
    private static string Real(string address) => string.Concat(address.Select(letter => letter is >= '\u2400' and <= '\u2421' ? (char)(letter - '\u2400') : letter));
}
