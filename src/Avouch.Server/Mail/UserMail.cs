using Avouch.Server.Data;

namespace Avouch.Server.Mail;

/// <summary>That a mail was written to somebody: which one, and what became of it; never what it says.</summary>
internal sealed record MailFact(Guid Id, string Template, DateTimeOffset CreatedAt, DateTimeOffset? SentAt, DateTimeOffset? GivenUpAt);

/// <summary>The mail of one person, for when they ask what is known of them, or leave.</summary>
internal static class UserMail
{
    /// <summary>In the order of their making, a page at a time.</summary>
    public static ValueTask<List<MailFact>> List(Statements statements, Guid user, Guid after, int limit) => statements.List(
        "SELECT id, template, created_at, CASE WHEN fault = @written THEN NULL ELSE sent_at END, dead_at FROM mail_outbox WHERE user_id = @user AND id > @after ORDER BY id LIMIT @limit",
        static row => new MailFact(row.Id(0), row.Text(1), row.Time(2), row.TimeOrNull(3), row.TimeOrNull(4)), ("user", user), ("after", after), ("limit", limit), ("written", OutboxLetter.WrittenToFile));

    /// <summary>What was not sent yet, or given up, the newest first.</summary>
    public static ValueTask<List<MailFact>> ListUnsent(Statements statements, Guid user, int limit) => statements.List(
        "SELECT id, template, created_at, sent_at, dead_at FROM mail_outbox WHERE user_id = @user AND sent_at IS NULL ORDER BY id DESC LIMIT @limit",
        static row => new MailFact(row.Id(0), row.Text(1), row.Time(2), row.TimeOrNull(3), row.TimeOrNull(4)), ("user", user), ("limit", limit));

    /// <summary>Forgets what was not sent: letters hold names, addresses and links.</summary>
    public static ValueTask<int> Drop(Transaction transaction, Guid user) =>
        transaction.Execute("DELETE FROM mail_outbox WHERE user_id = @user AND sent_at IS NULL", ("user", user));
}
