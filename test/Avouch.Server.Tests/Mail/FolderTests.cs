using System.Net;
using Avouch.Server.Mail;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Mail;

/// <summary>Mail without a server for it: files, and for developers a page.</summary>
public sealed class FolderTests : ServerTests
{
    private const string Link = "https://auth.example.test/reset#token=secret-of-this-mail";

    private protected override (string Name, string Value)[] Settings => [("AVOUCH_ENVIRONMENT", "development"), ("AVOUCH_SMTP_HOST", "")];

    private string Folder => Path.Combine(Server.Folder, "mail");

    [Fact]
    public async Task A_mail_becomes_a_file_that_only_its_owner_can_read()
    {
        await Send("Größe & Söhne 👋");

        var file = Assert.Single(Directory.GetFiles(Folder));
        Assert.EndsWith("-reset_password.eml", file, StringComparison.Ordinal);
        Assert.Equal(FileModes.OwnerOnly, FileModes.Of(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, FileModes.Of(Folder));
        var mail = StoredMail.Read(await File.ReadAllTextAsync(file));
        Assert.Equal(("alice@example.test", "Avouch <avouch@localhost>"), (mail.To, mail.From.Replace("\"", "", StringComparison.Ordinal)));
        Assert.StartsWith("Hello Größe & Söhne 👋,\n", mail.Text, StringComparison.Ordinal);
        Assert.Contains(Link, mail.Text, StringComparison.Ordinal);
        await Patience.Until(() => Task.FromResult(Server.Get<MailTotals>().Written == 1));
        Assert.Equal(0, Server.Get<MailTotals>().Sent);
        var letter = Assert.Single(await Server.Get<Outbox>().List(LetterState.Sent, Guid.Empty, 10));
        Assert.Equal((LetterState.Written, null, OutboxLetter.WrittenToFile), (letter.State, letter.SentAt, letter.Fault));
        Assert.DoesNotContain(Server.Logs.Lines, line => line.Contains("was accepted", StringComparison.Ordinal));
        Assert.Contains("avouch_mail_tries_total{result=\"written\"} 1", (await Client.Get("/metrics")).Text, StringComparison.Ordinal);
        Assert.Contains("avouch_mail_tries_total{result=\"sent\"} 0", (await Client.Get("/metrics")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_keeps_the_letter_waiting()
    {
        await File.WriteAllTextAsync(Folder, "in the way");

        await Add("Alice");
        await Patience.Until(async () => (await Server.Get<Outbox>().List(LetterState.Pending, Guid.Empty, 10)) is [{ Fault: not null }]);

        Assert.Equal(0, Server.Get<MailTotals>().Sent);
        File.Delete(Folder);
        Server.Time.Advance(TimeSpan.FromSeconds(12));
        await Patience.Until(async () => (await Server.Get<Outbox>().Measure()).Pending == 0);
        Assert.Single(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task Files_go_after_a_week_and_what_is_not_ours_stays()
    {
        await Send("Alice");
        await File.WriteAllTextAsync(Path.Combine(Folder, "notes.eml"), "mine");
        var folder = Server.Get<MailFolder>();

        Server.Time.Advance(TimeSpan.FromDays(7));
        Assert.Equal(0, await folder.Purge());
        Server.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await folder.Purge());
        Assert.Equal("notes.eml", Path.GetFileName(Assert.Single(Directory.GetFiles(Folder))));
    }

    [Fact]
    public async Task There_are_never_more_than_five_hundred_for_long()
    {
        Directory.CreateDirectory(Folder);
        for (var number = 0; number < 510; number++) await File.WriteAllTextAsync(Path.Combine(Folder, $"20260102T0304{number:D5}-{Guid.CreateVersion7():N}-test.eml"), "x");

        Assert.Equal(10, await Server.Get<MailFolder>().Purge());
        Assert.Equal(500, Directory.GetFiles(Folder).Length);
        Assert.DoesNotContain(Directory.GetFiles(Folder), file => file.Contains("T030400009", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_developer_sees_it_in_the_browser_as_it_looks()
    {
        await Send("<b>Bob</b>");
        var id = MailFolder.IdOf(Assert.Single(Directory.GetFiles(Folder)))!.Value;

        var list = await Client.Get("/dev/mail");
        var one = await Client.Get($"/dev/mail/{id}");
        var html = await Client.Get($"/dev/mail/{id}/html");

        Assert.All((Answer[])[list, one, html], answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Contains($"<a href=\"/dev/mail/{id}\">Choose a new password for Avouch</a><span>alice@example.test</span>", list.Text, StringComparison.Ordinal);
        Assert.Contains($"<iframe title=\"The mail in HTML\" src=\"/dev/mail/{id}/html\" sandbox=\"allow-popups allow-popups-to-escape-sandbox\">", one.Text, StringComparison.Ordinal);
        Assert.Contains($"<a href=\"{Link}\" target=\"_blank\" rel=\"noreferrer\">", one.Text, StringComparison.Ordinal);
        Assert.Contains($"<a class=\"button\" href=\"{Link}\">", html.Text, StringComparison.Ordinal);
        Assert.Contains("<base target=\"_blank\">", html.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>Bob", one.Text, StringComparison.Ordinal);
        Assert.All((Answer[])[list, one], answer => Assert.StartsWith("default-src 'none'; style-src 'sha256-", answer.Headers["Content-Security-Policy"], StringComparison.Ordinal));
        Assert.Contains("sandbox allow-popups", html.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.All((Answer[])[list, one, html], answer => Assert.Equal(("no-referrer", "no-store", "nosniff"), (answer.Headers["Referrer-Policy"], answer.Headers["Cache-Control"], answer.Headers["X-Content-Type-Options"])));
    }

    [Theory]
    [Trait("ASVS", "13.4.2")]
    [InlineData("Host", "auth.example.test")]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("Fastly-Client-IP", "127.0.0.1")]
    public async Task Nobody_else_sees_it(string header, string value)
    {
        await Send("Alice");
        var id = MailFolder.IdOf(Assert.Single(Directory.GetFiles(Folder)))!.Value;
        using var http = new HttpClient { BaseAddress = Server.Url };

        foreach (var path in (string[])["/dev/mail", $"/dev/mail/{id}", $"/dev/mail/{id}/html"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation(header, value);
            using var answer = await http.SendAsync(request);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.DoesNotContain("secret-of-this-mail", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("ASVS", "13.4.2")]
    public async Task Neither_does_a_proxy_that_adds_no_header()
    {
        await Send("Alice");
        var id = MailFolder.IdOf(Assert.Single(Directory.GetFiles(Folder)))!.Value;

        foreach (var path in (string[])["/dev/mail", $"/dev/mail/{id}", $"/dev/mail/{id}/html"])
            Assert.Equal(HttpStatusCode.NotFound, (await RawConnection.Send(Server.Url, $"GET {path} HTTP/1.0\nHost: {Server.Url.Authority}\n\n")).Status);
    }

    [Fact]
    [Trait("ASVS", "13.4.2")]
    public async Task In_production_there_is_no_such_page()
    {
        await Send("Alice");
        var id = MailFolder.IdOf(Assert.Single(Directory.GetFiles(Folder)))!.Value;
        await Restart(("AVOUCH_ENVIRONMENT", "production"));

        foreach (var path in (string[])["/dev/mail", $"/dev/mail/{id}", $"/dev/mail/{id}/html"]) Assert.Equal(HttpStatusCode.NotFound, (await Client.Get(path)).Status);
    }

    [Theory]
    [InlineData("/dev/mail/00000000-0000-0000-0000-000000000000")]
    [InlineData("/dev/mail/..%2f..%2fsecret.key")]
    [InlineData("/dev/mail/nothing/html")]
    public async Task What_is_no_mail_is_not_found(string path) => Assert.Equal(HttpStatusCode.NotFound, (await Client.Get(path)).Status);

    private async Task Add(string name) => await Server.Database.Write(async transaction => await Server.Get<Outbox>().Add(transaction, new Letter(
        MailTemplate.ResetPassword, null, "alice@example.test", null, new Dictionary<string, string> { ["link"] = Link, ["name"] = name, ["expires"] = MailTime.Write(Server.Time.GetUtcNow().AddHours(1)) })));

    private async Task Send(string name)
    {
        await Add(name);
        await Patience.Until(async () => (await Server.Get<Outbox>().Measure()).Pending == 0);
    }
}
