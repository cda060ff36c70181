using System.Text.Json;
using System.Text.RegularExpressions;
using Avouch.Server.Mail;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Mail;

/// <summary>What a strict reader (Python's) makes of our mails, whatever stands in them.</summary>
public sealed class WordsTests : MailTests
{
    private protected override (string Name, string Value)[] Settings => [("AVOUCH_MAIL_FROM_NAME", "Müller, \"Söhne\" & Co <x@y.test>")];

    [Fact]
    public async Task A_mail_has_the_headers_that_it_should_and_no_others()
    {
        var mail = await Receive(Reset());

        Assert.Equal(["Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "Content-Language", "MIME-Version", "Content-Type"], mail.HeaderNames());
        Assert.Equal("auto-generated", mail.Header("Auto-Submitted"));
        Assert.Equal("Fri, 02 Jan 2026 03:04:05 +0000", mail.Header("Date"));
        Assert.Equal("alice@example.test", mail.Header("To"));
        Assert.Equal("\"Müller, \\\"Söhne\\\" & Co <x@y.test>\" <no-reply@example.test>", mail.Header("From"));
        Assert.Matches(@"^<[0-9a-f]{32}@example\.test>$", mail.Header("Message-ID"));
        Assert.Equal("multipart/alternative", mail.Text("type"));
        AssertSound(mail);
    }

    [Fact]
    public async Task The_link_stands_whole_in_both_parts()
    {
        var link = "https://auth.example.test/reset?a=1&b=2#token=" + new string('x', 300);

        var mail = await Receive(Reset(more: ("link", link)));

        Assert.Contains(link, mail.PlainText(), StringComparison.Ordinal);
        Assert.Contains($"href=\"{link.Replace("&", "&amp;", StringComparison.Ordinal)}\"", mail.HtmlText(), StringComparison.Ordinal);
        AssertSound(mail);
    }

    public static TheoryData<string, string> Languages => new()
    {
        { "", "en" }, { "de", "de" }, { "DE-at", "de" }, { "de-DE,de;q=0.9,en;q=0.8", "de" }, { "en;q=0.4, de;q=0.5", "de" }, { "fr-CH, fr;q=0.9, de;q=0.1", "de" },
        { "fr", "en" }, { "*", "en" }, { "de;q=0, en", "en" }, { "../../etc/passwd", "en" }, { "de;q=nonsense", "en" }, { "zh-Hant-TW,ja", "en" }, { "\r\nX: y", "en" }, { "de;q=1.5", "en" },
    };

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task The_language_is_the_dearest_that_there_is(string locale, string language)
    {
        var mail = await Receive(Reset(locale: locale));

        Assert.Equal(language, mail.Header("Content-Language"));
        Assert.Contains($"<html lang=\"{language}\" dir=\"ltr\">", mail.HtmlText(), StringComparison.Ordinal);
        Assert.Contains(language == "de" ? "4. Januar 2026, 03:04 UTC" : "4 January 2026, 03:04 UTC", mail.PlainText(), StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Everything
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var template in MailTemplate.All)
            {
                all.Add(template, "en");
                all.Add(template, "de");
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task Every_mail_says_why_it_came_in_both_languages_and_both_parts(string template, string language)
    {
        var when = Server.Time.GetUtcNow().AddDays(1);
        var values = MailTemplate.ValuesOf(template).ToDictionary(name => name, name => name == "link" ? Link : MailValue.Times.Contains(name) ? MailTime.Write(when) : $"some-{name}");
        values["name"] = "Alice";

        var mail = await Receive(new Letter(template, null, "alice@example.test", language, values));

        Assert.Equal(language, mail.Header("Content-Language"));
        foreach (var part in (string[])[mail.PlainText(), mail.HtmlText()])
        {
            Assert.DoesNotContain("{{", part, StringComparison.Ordinal);
            Assert.Contains("Alice", part, StringComparison.Ordinal);
            Assert.Contains(language == "de" ? "Sie erhalten diese Nachricht" : "You get this mail", part, StringComparison.Ordinal);
            foreach (var name in MailTemplate.ValuesOf(template)) Assert.Contains(name == "link" ? Link : MailValue.Times.Contains(name) ? MailTime.Show(when, language) : $"some-{name}", part, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("<script", mail.HtmlText(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(@"(src|url\()", mail.HtmlText().Replace("prefers-color-scheme", "", StringComparison.Ordinal));   // nothing is loaded: nobody learns that it was read
        AssertSound(mail);
    }

    public static TheoryData<string> Names =>
    [
        "Bob\r\nBcc: victim@example.test", "Bob\nSubject: You have won", "Bob\r\n\r\n<h1>A body of mine</h1>", "Bob\r\n.\r\nMAIL FROM:<x@y.test>", ".\r\n.", "a,b;c:d", "\"quoted\" \\ back", "=?UTF-8?B?SGVsbG8=?=",
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{link}}", "{{#name}}", "👩‍👩‍👧‍👦 Family", "مُحَمَّد", "שָׁלוֹם", "山田太郎", "İstanbul ﬁ", "\u0000\u0001\u001b[31m", "a\u2028b\u2029c", new string('x', 5000), new string('é', 500), "", " ",
    ];

    [Theory]
    [Trait("ASVS", "1.3.11")]
    [MemberData(nameof(Names))]
    public async Task Nothing_that_people_are_called_breaks_out_of_its_place(string name)
    {
        var mail = await Receive(Reset(more: ("name", name)));

        Assert.Equal(10, mail.GetProperty("headers").GetArrayLength());
        Assert.Equal("alice@example.test", Assert.Single(mail.GetProperty("to").EnumerateArray()).GetString());
        Assert.Single(Smtp.All("RCPT"));
        Assert.Single(Smtp.All("MAIL"));
        Assert.Equal(2, mail.GetProperty("parts").GetArrayLength());
        Assert.DoesNotContain(mail.HtmlText(), "<script", StringComparison.Ordinal);
        Assert.DoesNotContain("<img", mail.HtmlText(), StringComparison.Ordinal);
        Assert.Contains(Link, mail.PlainText(), StringComparison.Ordinal);
        Assert.StartsWith("Hello", mail.PlainText(), StringComparison.Ordinal);
        AssertSound(mail);
    }

    [Theory]
    [Trait("ASVS", "1.3.11")]
    [MemberData(nameof(Names))]
    public async Task Nor_does_it_out_of_a_subject(string name)
    {
        var folder = Directory.CreateTempSubdirectory("avouch-test-");
        Directory.CreateDirectory(Path.Combine(folder.FullName, "en"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "en/account_deleted.txt"), "Subject: Farewell, {{when}}!\n{{when}}\n");
        await Server.Restart(Smtp.Settings(("AVOUCH_MAIL_TEMPLATES", folder.FullName)));

        var mail = await Receive(new Letter(MailTemplate.AccountDeleted, null, "alice@example.test", "en", new Dictionary<string, string> { ["when"] = name }));

        Assert.Equal(10, mail.GetProperty("headers").GetArrayLength());
        Assert.Equal(Normal($"Farewell, {Flat(name)}!"), Normal(mail.Header("Subject")));
        AssertSound(mail);
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("You have won, see example.com")]
    [InlineData("https://evil.example")]
    [InlineData("www.evil")]
    [InlineData("Call evil@example.test")]
    [InlineData("evil。example")]
    [InlineData("evil.example\u200d")]
    public async Task Somebody_who_is_called_like_an_address_is_greeted_without_a_name(string name)
    {
        var mail = await Receive(Reset(more: ("name", name)));

        Assert.StartsWith("Hello,\n", mail.PlainText(), StringComparison.Ordinal);
        Assert.Contains("<p>Hello,</p>", mail.HtmlText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("J.R.R. Tolkien")]
    [InlineData("Dr. Anna O'Neill-Ndiaye")]
    [InlineData("María José")]
    public async Task Ordinary_names_are_greeted(string name) => Assert.StartsWith($"Hello {name},\n", (await Receive(Reset(more: ("name", name)))).PlainText(), StringComparison.Ordinal);

    [Fact]
    public async Task A_letter_without_what_its_template_needs_is_dead_and_not_sent_half_empty()
    {
        await Send(new Letter(MailTemplate.ResetPassword, null, "alice@example.test", "de", new Dictionary<string, string> { ["link"] = Link }));

        Assert.Equal("The template reset_password (de) needs the value expires, which this letter does not have.", (await UntilDead()).Fault);
        Assert.Empty(Smtp.Messages);
    }

    [Fact]
    public async Task A_line_that_begins_with_a_dot_arrives_as_it_was()
    {
        var mail = await Receive(Reset(more: ("link", "\n.\n..\n.link")));   // control characters become spaces, so the dots stay inside of a line

        Assert.Contains(" . .. .link", mail.PlainText(), StringComparison.Ordinal);
        AssertSound(mail);
    }

    private static void AssertSound(JsonElement mail)
    {
        Assert.Empty(mail.GetProperty("defects").EnumerateArray());
        Assert.Equal(0, mail.GetProperty("bare_newlines").GetInt32());
        Assert.InRange(mail.GetProperty("longest_line").GetInt32(), 1, 78);
    }

    /// <summary>As a mail program shows a line: spaces at its ends and where it was folded do not count.</summary>
    private static string Normal(string text) => Regex.Replace(text, @"\s+", " ").Trim();

    private static string Flat(string text) => string.Concat(text.Select(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029' ? ' ' : letter));
}
