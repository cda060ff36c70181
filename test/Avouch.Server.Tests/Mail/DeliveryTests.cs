using Avouch.Server.Health;
using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Mail;

/// <summary>What becomes of a letter, from its row to the server that takes it.</summary>
public sealed class DeliveryTests : MailTests
{
    [Fact]
    public async Task A_letter_arrives_at_once_and_only_the_fact_stays()
    {
        var mail = await Receive(Reset());
        await UntilSent(1);

        Assert.Equal(("no-reply@example.test", "alice@example.test"), (mail.Text("sender"), Assert.Single(mail.GetProperty("to").EnumerateArray()).GetString()));
        var sent = Assert.Single(await List(LetterState.Sent));
        Assert.Equal((null, null, 1L), (sent.To, sent.Fault, sent.Attempts));
        Assert.Equal(0, await CountContents());
        Assert.Equal(new OutboxState(0, 0, null), await Outbox.Measure());
        await Patience.Until(() => Server.Get<MailTotals>().Sent == 1);   // counted after the row is marked
    }

    [Fact]
    public async Task What_did_not_commit_is_not_sent()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await Server.Database.Write(async transaction =>
        {
            await Outbox.Add(transaction, Reset("nobody@example.test"));
            throw new InvalidOperationException();
        }));
        await Receive(Reset());
        await UntilSent(1);

        Assert.Single(Smtp.Messages);
        Assert.Equal(1, await Server.Count("mail_outbox"));
    }

    [Fact]
    public async Task A_server_that_is_down_for_ten_minutes_loses_no_mail()
    {
        await Smtp.Order("connect", "421 4.3.2 Down for maintenance");
        var letters = Enumerable.Range(0, 20).Select(number => Reset($"person{number}@example.test")).ToArray();
        await Send(letters);
        await Rest();
        for (var minute = 0; minute < 10; minute++) await Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(20, (await List(LetterState.Pending)).Count);
        Assert.Empty(Smtp.Messages);

        await Smtp.Order("connect", "ok");
        await Pass(TimeSpan.FromMinutes(20));
        await UntilSent(20);

        Assert.Equal(letters.Select(letter => letter.To).Order(StringComparer.Ordinal), Smtp.Messages.Select(mail => mail.GetProperty("to")[0].GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal(new OutboxState(0, 0, null), await Outbox.Measure());
    }

    [Theory]
    [InlineData("EHLO", "550 5.7.1 Go away")]
    [InlineData("MAIL", "550 5.7.1 You may not send for this address")]
    [InlineData("MAIL", "451 4.7.1 Later")]
    [InlineData("RCPT", "451 4.7.1 Greylisted")]
    [InlineData("DATA", "452 4.3.1 Disk full")]
    [InlineData("message", "451 4.3.0 Not now")]
    [InlineData("connect", "554 No service")]
    [InlineData("connect", "drop")]
    [InlineData("EHLO", "drop")]
    [InlineData("RCPT", "drop")]
    [InlineData("DATA", "drop")]
    [InlineData("message", "drop")]
    public async Task What_is_wrong_for_now_or_for_every_mail_is_tried_again(string step, string answer)
    {
        await Smtp.Order(step, answer);
        await Send(Reset());
        var waiting = await UntilTried(1);

        Assert.InRange(waiting.DueAt - Server.Time.GetUtcNow(), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(12));
        Assert.Empty(await Deaths());
        var messages = Smtp.Messages.Count;

        await Smtp.Order(step, "ok");
        await Pass(waiting.DueAt - Server.Time.GetUtcNow() - TimeSpan.FromSeconds(1));
        Assert.Equal(messages, Smtp.Messages.Count);
        await Pass(TimeSpan.FromSeconds(1));
        await UntilSent(1);
        Assert.Equal(messages + 1, Smtp.Messages.Count);
    }

    [Theory]
    [InlineData("RCPT", "550 5.1.1 <alice@example.test>: no such user", "The server said: 550 5.1.1 <(address)>: no such user")]
    [InlineData("DATA", "554 5.7.1 Refused", "The server said: 554 5.7.1 Refused")]
    [InlineData("message", "554 5.7.1 Your link https://auth.example.test/reset#token=0123456789abcdefghijklmnopqrstuvwxyzABCDEFG is blocked", "The server said: 554 5.7.1 Your link (link) is blocked")]
    public async Task What_a_server_refuses_for_good_is_dead_at_once(string step, string answer, string fault)
    {
        await Smtp.Order(step, answer);
        await Send(Reset());
        var dead = await UntilDead();

        Assert.Equal((fault, 1L, "alice@example.test"), (dead.Fault, dead.Attempts, dead.To));
        var entry = Assert.Single(await Deaths());
        Assert.Equal((JournalKind.MailDead, MailTemplate.ResetPassword), (entry.Kind, entry.Detail));
        Assert.Equal(new OutboxState(0, 1, null), await Outbox.Measure());
        Assert.Equal(HealthLevel.Healthy, (await new MailCheck(Outbox, Server.Time).Find()).Level);   // no fault of this server
        Assert.DoesNotContain(Server.Logs.Lines, line => line.Contains("alice@", StringComparison.Ordinal) || line.Contains("token=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_dead_letter_can_be_sent_once_more()
    {
        await Smtp.Order("RCPT", "550 5.1.1 No such user");
        await Send(Reset());
        var dead = await UntilDead();
        await Smtp.Order("RCPT", "ok");

        Assert.True(await Outbox.Retry(dead.Id));
        await UntilSent(1);

        Assert.Single(Smtp.Messages);
        Assert.False(await Outbox.Retry(dead.Id));
        Assert.False(await Outbox.Retry(Guid.CreateVersion7(Server.Time.GetUtcNow())));
    }

    [Fact]
    public async Task After_more_than_a_day_of_tries_a_letter_is_given_up()
    {
        var letter = Reset();
        await Smtp.Order("RCPT", "451 4.7.1 Later");
        await Send(letter);
        for (var attempt = 1; attempt < BackOff.MaxAttempts; attempt++)
        {
            var waiting = await UntilTried(attempt);
            await Pass(waiting.DueAt - Server.Time.GetUtcNow());
        }
        var dead = await UntilDead();

        Assert.True(BackOff.Total >= TimeSpan.FromHours(24));
        Assert.InRange(dead.DeadAt!.Value - dead.CreatedAt, BackOff.Total, BackOff.Total * 1.2);
        Assert.Equal("Given up after 14 tries. The server said: 451 4.7.1 Later", dead.Fault);
        Assert.Equal(1, (await Outbox.Measure()).GivenUpLately);
        Server.Time.Advance(dead.DeadAt.Value + TimeSpan.FromMinutes(59) - Server.Time.GetUtcNow());
        Assert.Equal(1, (await Outbox.Measure()).GivenUpLately);
        Server.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(new OutboxState(0, 1, null), await Outbox.Measure());
    }

    [Fact]
    public async Task A_letter_whose_link_has_expired_is_not_sent_any_more()
    {
        await Smtp.Order("RCPT", "451 4.7.1 Later");
        var expires = Server.Time.GetUtcNow().AddSeconds(60);
        await Send(Reset(more: ("expires", MailTime.Write(expires))));
        var waiting = await UntilTried(1);
        await Pass(waiting.DueAt - Server.Time.GetUtcNow());
        await UntilTried(2);
        await Smtp.Order("RCPT", "ok");
        await Pass(TimeSpan.FromMinutes(2));
        var dead = await UntilDead();

        Assert.Equal("Its link had expired before a server took it.", dead.Fault);
        Assert.Empty(Smtp.Messages);
    }

    [Theory]
    [InlineData("connect")]
    [InlineData("EHLO")]
    [InlineData("MAIL")]
    [InlineData("RCPT")]
    [InlineData("DATA")]
    public async Task A_server_that_hangs_holds_up_one_letter_and_not_for_ever(string step)
    {
        await Smtp.Order(step, "hang");
        await Send(Reset("slow@example.test"));
        await Smtp.Await("hanging");
        await Smtp.Order(step, "ok");
        await Send(Reset("quick@example.test"));   // beside the one that hangs
        await UntilSent(1);

        await Pass(TimeSpan.FromMinutes(1));
        var waiting = await UntilTried(1);

        Assert.Equal("The server let us wait too long for an answer.", waiting.Fault);
        await Pass(TimeSpan.FromSeconds(12));
        await UntilSent(2);
    }

    [Fact]
    public async Task After_the_mail_is_out_the_answer_may_take_ten_minutes()
    {
        await Smtp.Order("message", "hang");
        await Send(Reset());
        await Smtp.Await("hanging");
        await Smtp.Order("message", "ok");

        Server.Time.Advance(TimeSpan.FromSeconds(599));
        Assert.DoesNotContain(await List(LetterState.Pending), letter => letter.Fault is not null);
        Server.Time.Advance(TimeSpan.FromSeconds(1));
        await UntilTried(1);
        await Pass(TimeSpan.FromSeconds(12));
        await UntilSent(1);

        Assert.Equal(2, Smtp.Messages.Count);
        Assert.Equal(Smtp.Messages[0].Raw(), Smtp.Messages[1].Raw());   // to the byte: a reader shows it once
    }

    [Fact]
    public async Task A_stop_is_quick_and_loses_nothing()
    {
        await Smtp.Order("RCPT", "hang");
        await Send(Enumerable.Range(0, 10).Select(number => Reset($"person{number}@example.test")).ToArray());
        await Smtp.Await("hanging", 4);
        await Smtp.Order("RCPT", "ok");

        var begin = System.Diagnostics.Stopwatch.StartNew();
        await Server.Restart(Smtp.Settings());
        Assert.True(begin.Elapsed < TimeSpan.FromSeconds(20));   // a minute, had it waited for the answers
        await UntilSent(10);

        Assert.Equal(10, Smtp.Messages.Select(mail => mail.Header("Message-ID")).Distinct().Count());
        Assert.All(await List(LetterState.Sent), letter => Assert.Equal(1, letter.Attempts));
    }

    [Fact]
    public async Task Of_two_that_claim_a_letter_one_gets_it_and_the_other_may_once_the_lease_is_over()
    {
        var later = new ManualTime();   // the server's own clock stands still, so its postman does not see these as due
        later.Advance(TimeSpan.FromDays(2));
        var queue = new OutboxQueue(Outbox, Server.Database, Server.Get<SecurityJournal>(), later);
        await Server.Database.Write(async transaction => await transaction.Execute(
            "INSERT INTO mail_outbox (id, template, created_at, due_at, attempts) VALUES (@id, 'test', 0, @due, 0)",
            ("id", Guid.CreateVersion7(later.GetUtcNow())), ("due", later.GetUtcNow())));

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => queue.Claim().AsTask()));
        var first = Assert.Single(claims, claim => claim is not null)!;
        Assert.Null(await queue.Claim());
        later.Advance(OutboxQueue.Lease - TimeSpan.FromSeconds(1));
        Assert.Null(await queue.Claim());
        later.Advance(TimeSpan.FromSeconds(1));
        var second = await queue.Claim();

        Assert.Equal((first.Id, 2L), (second!.Id, second.Attempt));
        Assert.Equal(0, await queue.Postpone(first, later.GetUtcNow(), "too late"));   // only the latest claim may say how it ended
        Assert.Equal(1, await queue.MarkSent(first));                                 // but what was accepted is sent
        Assert.Equal(0, await queue.Postpone(second, later.GetUtcNow(), "too late"));
    }

    [Fact]
    public async Task Rows_of_mail_that_was_sent_go_after_a_month()
    {
        await Receive(Reset());
        await UntilSent(1);
        var purge = Server.Get<OutboxPurge>();

        Server.Time.Advance(OutboxPurge.Retention);
        await purge.Run(CancellationToken.None);
        Assert.Equal(1, await Server.Count("mail_outbox"));
        Server.Time.Advance(TimeSpan.FromSeconds(1));
        await purge.Run(CancellationToken.None);
        Assert.Equal(0, await Server.Count("mail_outbox"));
    }

    private async Task<List<JournalEntry>> Deaths() => (await Server.Journal()).FindAll(entry => entry.Kind == JournalKind.MailDead);

    /// <summary>Lets time pass and everything that is due with it.</summary>
    private async Task Pass(TimeSpan time)
    {
        Server.Time.Advance(time);
        await Rest();
    }

    /// <summary>Until nothing is due and nothing on its way.</summary>
    private Task Rest() => Patience.Until(async () => await Server.Database.Read(statements => statements.Find(
        "SELECT COUNT(*) FROM mail_outbox WHERE sent_at IS NULL AND dead_at IS NULL AND (claimed_at IS NOT NULL OR due_at <= @now)", static row => row.Long(0), ("now", Server.Time.GetUtcNow()))) == 0);

    private async Task<long> CountContents() => await Server.Database.Read(statements => statements.Find("SELECT COUNT(*) FROM mail_outbox WHERE letter IS NOT NULL", static row => row.Long(0)));
}
