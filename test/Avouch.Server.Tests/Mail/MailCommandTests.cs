using System.Globalization;
using Avouch.Server.Data;
using Avouch.Server.Mail;
using Avouch.Server.Tests.Cli;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Mail;

/// <summary><c>avouch mail</c>, and a server that is killed while a mail is on its way.</summary>
public sealed class MailCommandTests : IAsyncLifetime
{
    private MailServer smtp = null!;
    private Place place = null!;

    public async ValueTask InitializeAsync()
    {
        smtp = await MailServer.Start();
        place = await Place.Open(hasServer: false);
    }

    public async ValueTask DisposeAsync()
    {
        await place.DisposeAsync();
        await smtp.DisposeAsync();
    }

    [Fact]
    public async Task A_test_mail_is_sent_at_once_and_the_answer_of_the_server_shown()
    {
        var said = await place.Do(["mail", "send-test", "alice@example.test", "--language", "de", .. Given()]);

        Assert.Equal($"localhost:{smtp.Port} has taken it: 250 2.0.0 Kept as 1\n", said);
        Assert.Equal("Eine Testnachricht von Avouch", (await smtp.Await("message")).Header("Subject"));
    }

    [Fact]
    public async Task A_test_mail_that_is_refused_is_told()
    {
        await smtp.Order("RCPT", "550 5.1.1 No such user");

        var answer = await place.Run(["mail", "send-test", "alice@example.test", .. Given()]);

        Assert.Equal((1, "", $"localhost:{smtp.Port} did not take it. The server said: 550 5.1.1 No such user\n"), (answer.Exit, answer.Output, answer.Error));
        Assert.Equal(1, (await place.Run(["mail", "send-test", "nobody", .. Given()])).Exit);
    }

    [Fact]
    public async Task What_waits_and_what_was_given_up_is_listed_and_sent_once_more()
    {
        var (waiting, dead) = (await Add("waiting@example.test"), await Add("dead@example.test"));
        await Write("UPDATE mail_outbox SET dead_at = 1, fault = 'No such user' WHERE id = @id", dead);

        var lines = await place.List("mail", "list");
        Assert.Equal([(waiting.ToString(), "pending", "waiting@example.test", null), (dead.ToString(), "dead", "dead@example.test", "No such user")],
            lines.Select(line => (line.Text("id"), line.Text("state"), line.Text("to"), line.GetProperty("fault").GetString())));
        Assert.Equal(dead.ToString(), Assert.Single(await place.List("mail", "list", "--state", "dead")).Text("id"));
        System.Text.Json.JsonSerializer.SerializeToElement(lines).MustMatchGolden("cli-mail-list");
        Assert.DoesNotContain("the-secret-of-it", await place.Do("mail", "list") + string.Concat(lines), StringComparison.Ordinal);

        Assert.Equal(1, (await place.Run("mail", "retry", waiting.ToString())).Exit);
        Assert.Equal("It is sent again when a server runs on this folder.\n", await place.Do("mail", "retry", dead.ToString()));
        Assert.Equal("Mails that are sent again when a server runs on this folder: 0.\n", await place.Do("mail", "retry", "--all"));
        Assert.Equal(2, (await place.Run("mail", "retry")).Exit);
        Assert.Equal(2, (await place.Run("mail", "retry", dead.ToString(), "--all")).Exit);
        Assert.Equal(2, (await place.List("mail", "list", "--state", "pending")).Count);
    }

    [Fact]
    public async Task Every_template_that_is_printed_can_be_put_back_and_is_valid()
    {
        var folder = Path.Combine(place.Folder, "templates");
        var names = (await place.Do("mail", "template")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1 + MailTemplate.All.Count * 4, names.Length);

        foreach (var name in (string[])["layout.html", "en/reset_password.txt", "de/test.html"])
        {
            Assert.Contains(name, names);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            await File.WriteAllTextAsync(Path.Combine(folder, name), await place.Do("mail", "template", name));
        }

        Assert.Equal("The settings are valid.\n", await place.Do("settings", "check", "--set", $"AVOUCH_MAIL_TEMPLATES={folder}"));
        await File.AppendAllTextAsync(Path.Combine(folder, "de/test.html"), "{{nothing}}");
        var answer = await place.Run("settings", "check", "--set", $"AVOUCH_MAIL_TEMPLATES={folder}");
        Assert.Equal(3, answer.Exit);
        Assert.Contains($"AVOUCH_MAIL_TEMPLATES: \"{Path.Combine(folder, "de/test.html")}\" names {{{{nothing}}}}", answer.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await place.Run("mail", "template", "../../etc/passwd")).Exit);
    }

    [Fact]
    public async Task Killed_between_acceptance_and_its_mark_a_mail_comes_at_most_twice_with_one_message_id()
    {
        var id = await Add("alice@example.test");
        await smtp.Order("message", "hang");
        var (first, _) = await Child.Serve(place.Folder, smtp.Settings());
        await using (first)
        {
            await smtp.Await("hanging");   // the mail is there to its last byte, and the answer is on its way
            first.Kill();
        }
        await smtp.Order("message", "ok");

        var (second, _) = await Child.Serve(place.Folder, smtp.Settings());
        await using (second)
        {
            await smtp.Await("message", 2);   // at once: on SQLite nobody else can be sending it
            await Patience.Until(async () => (await place.List("mail", "list", "--state", "sent")).Count > 0);
        }

        Assert.Equal(2, smtp.Messages.Count);
        Assert.Equal(smtp.Messages[0].Raw(), smtp.Messages[1].Raw());
        Assert.Equal($"<{id:N}@example.test>", smtp.Messages[1].Header("Message-ID"));
    }

    private string[] Given() => ["--set", "AVOUCH_SMTP_HOST=localhost", "--set", $"AVOUCH_SMTP_PORT={smtp.Port.ToString(CultureInfo.InvariantCulture)}", "--set", "AVOUCH_MAIL_FROM=no-reply@example.test"];

    private async Task<Guid> Add(string to)
    {
        await using var foundation = await Open();
        await foundation.Database.Write(async transaction => await new Outbox(foundation.Database, foundation.MasterKeys, new Avouch.Server.Journal.SecurityJournal(), TimeProvider.System).Add(transaction, new Letter(
            MailTemplate.VerifyEmail, null, to, null, new Dictionary<string, string> { ["link"] = "https://auth.example.test/v#the-secret-of-it", ["expires"] = MailTime.Write(DateTimeOffset.UtcNow.AddDays(1)) })));
        return await foundation.Database.Read(statements => statements.Find("SELECT id FROM mail_outbox ORDER BY id DESC LIMIT 1", static row => row.Id(0)));
    }

    private async Task Write(string sql, Guid id)
    {
        await using var foundation = await Open();
        await foundation.Database.Write(async transaction => await transaction.Execute(sql, ("id", id)));
    }

    private async Task<Foundation> Open() => await Foundation.Open(MailSettingsTests.Read([("AVOUCH_DATA", place.Folder)]).Settings!, TimeProvider.System, Holder.Command);
}
