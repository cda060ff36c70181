using Avouch.Server.Data;

namespace Avouch.Server.Mail;

/// <summary>What has become of a letter.</summary>
internal enum LetterState
{
    /// <summary>It waits, or is being sent.</summary>
    Pending,

    /// <summary>Given up: refused for good, or too old.</summary>
    Dead,

    /// <summary>A server has accepted it. Its content is gone.</summary>
    Sent,
}

/// <summary>A letter in the outbox as an administrator sees it: never what it says.</summary>
/// <param name="To">Nothing once it was sent.</param>
/// <param name="Fault">What went wrong the last time.</param>
internal sealed record OutboxLetter(
    Guid Id, Guid? UserId, string Template, string? To, LetterState State, DateTimeOffset CreatedAt, DateTimeOffset DueAt, long Attempts,
    DateTimeOffset? SentAt, DateTimeOffset? DeadAt, string? Fault)
{
    public const string Columns = "id, user_id, template, letter, created_at, due_at, attempts, sent_at, dead_at, fault";

    public static OutboxLetter Read(Row row, Func<Guid, byte[]?, Letter?> open)
    {
        var (sent, dead) = (row.TimeOrNull(7), row.TimeOrNull(8));
        var state = sent is not null ? LetterState.Sent : dead is not null ? LetterState.Dead : LetterState.Pending;
        return new OutboxLetter(
            row.Id(0), row.IdOrNull(1), row.Text(2), open(row.Id(0), row.BytesOrNull(3))?.To, state, row.Time(4), row.Time(5), row.Long(6), sent, dead, row.TextOrNull(9));
    }
}

/// <param name="OldestPending">When the oldest letter that still waits was written.</param>
internal sealed record OutboxState(long Pending, long Dead, DateTimeOffset? OldestPending);

/// <summary>What this process has done with mail since it started.</summary>
internal sealed class MailTotals
{
    private long sent;
    private long postponed;
    private long dead;

    /// <summary>Accepted by a server.</summary>
    public long Sent => Interlocked.Read(ref sent);

    /// <summary>Tries that failed and are repeated.</summary>
    public long Postponed => Interlocked.Read(ref postponed);

    public long Dead => Interlocked.Read(ref dead);

    public void CountSent() => Interlocked.Increment(ref sent);

    public void CountPostponed() => Interlocked.Increment(ref postponed);

    public void CountDead() => Interlocked.Increment(ref dead);
}
