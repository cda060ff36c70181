using Avouch.Server.Mail;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Mail;

/// <summary>Every address that an account may have can be sent to, or its letter ends cleanly.</summary>
public sealed class AddressTests : MailTests
{
    [Fact]
    public async Task Every_address_form_that_is_taken_is_sent_to_and_to_nothing_else()
    {
        var accepted = Forms().Where(address => AccountRules.CheckEmail(address) is null).Select(address => address.Trim()).Distinct().ToList();
        Assert.True(accepted.Count > 20, $"{accepted.Count}");

        await Send([.. accepted.Select(address => Reset(address))]);
        await UntilSent(accepted.Count);

        Assert.Empty(await List(LetterState.Dead));
        Assert.Equal(accepted.Select(Wire).Order(StringComparer.Ordinal), Smtp.Messages.Select(mail => Assert.Single(mail.GetProperty("to").EnumerateArray()).GetString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    [Trait("ASVS", "1.3.11")]
    public async Task What_could_never_be_an_account_is_never_put_on_the_wire()
    {
        var refused = Forms().Where(address => AccountRules.CheckEmail(address) is not null && address.Trim() == address).ToList();
        string[] attacks =
        [
            "a@example.test>\r\nRCPT TO:<victim@example.test", "a@example.test\r\nDATA", "a\r\n@example.test", "a@example.test> SIZE=1", "a@example.test\0", "<a@example.test>", "a@b@example.test", "a b@example.test",
            "a@example.test\n", "a@[127.0.0.1]", "\"a\"@example.test", "a@exa\u2028mple.test", "a\u0085@example.test", "a@", "@example.test", "a", "", "a@.", "a@-", new string('a', 65) + "@example.test", "a@" + new string('b', 64) + ".test",
        ];

        await Send([.. refused.Concat(attacks).Select(address => Reset(address))]);
        await Patience.Until(async () => (await List(LetterState.Pending)).Count == 0);

        var reached = Smtp.All("RCPT").Select(one => one.Text("address")).ToList();
        Assert.Empty(reached.Intersect(attacks));
        Assert.All(reached, address => Assert.DoesNotMatch(@"[\s<>\0]", address));
        Assert.All(await List(LetterState.Dead), dead => Assert.Equal("The address cannot be given to a mail server.", dead.Fault));
        Assert.DoesNotContain("victim@example.test", reached);
    }

    [Theory]
    [InlineData("用户@example.test", "用户@example.test", true)]
    [InlineData("alice@bücher.example", "alice@xn--bcher-kva.example", false)]
    [InlineData("δοκιμή@παράδειγμα.example", "δοκιμή@παράδειγμα.example", true)]
    public async Task International_addresses_are_sent_to(string address, string wire, bool isUtf8)
    {
        var mail = await Receive(Reset(address));

        Assert.Equal(wire, mail.GetProperty("to")[0].GetString());
        Assert.Equal(wire, mail.Header("To"));
        Assert.Equal(isUtf8, Smtp.All("MAIL")[0].GetProperty("options").EnumerateArray().Any(option => option.GetString() == "SMTPUTF8"));
        Assert.All(mail.GetProperty("defects").EnumerateArray(), defect => Assert.Contains("non-ascii", defect.GetString(), StringComparison.OrdinalIgnoreCase));   // Python 3.11 calls RFC 6531 itself a defect
    }

    [Fact]
    public async Task A_server_that_takes_no_international_addresses_gives_a_clean_dead_letter()
    {
        await Smtp.Order("hide", "SMTPUTF8");

        await Send(Reset("用户@example.test"));

        Assert.Equal("The server takes no addresses with letters beyond ASCII (it does not offer SMTPUTF8).", (await UntilDead()).Fault);
        Assert.Empty(Smtp.All("RCPT"));
        await Receive(Reset("alice@bücher.example"));   // a domain alone has a form in ASCII
    }

    private static string Wire(string address) => EnvelopeAddress.Of(address)!.Text;

    private static List<string> Forms() =>
        [.. Vectors.Read("email/isemail.json").GetProperty("tests").EnumerateArray().Select(test => test.Text("address"))];
}
