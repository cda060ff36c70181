using System.Text.RegularExpressions;
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

    /// <summary>There was no server: it became a file. Its content is gone from here as well.</summary>
    Written,
}

/// <summary>A letter in the outbox as an administrator sees it: never what it says.</summary>
/// <param name="To">Nothing once it was sent.</param>
/// <param name="Fault">What went wrong the last time.</param>
internal sealed partial record OutboxLetter(
    Guid Id, Guid? UserId, string Template, string? To, LetterState State, DateTimeOffset CreatedAt, DateTimeOffset DueAt, long Attempts,
    DateTimeOffset? SentAt, DateTimeOffset? DeadAt, string? Fault)
{
    public const string Columns = "id, user_id, template, letter, created_at, due_at, attempts, sent_at, dead_at, fault";

    /// <summary>What stands in place of a fault where no server was asked; such a row has no moment of sending for anybody.</summary>
    public const string WrittenToFile = "Written to a file: AVOUCH_SMTP_HOST is not set.";

    public static OutboxLetter Read(Row row, Func<Guid, byte[]?, Letter?> open)
    {
        var (sent, dead) = (row.TimeOrNull(7), row.TimeOrNull(8));
        var isWritten = sent is not null && row.TextOrNull(9) == WrittenToFile;
        var state = isWritten ? LetterState.Written : sent is not null ? LetterState.Sent : dead is not null ? LetterState.Dead : LetterState.Pending;
        return new OutboxLetter(
            row.Id(0), row.IdOrNull(1), row.Text(2), open(row.Id(0), row.BytesOrNull(3))?.To, state, row.Time(4), row.Time(5), row.Long(6), isWritten ? null : sent, dead, row.TextOrNull(9));
    }

    /// <summary>For whoever may see mail and no accounts: addresses are cut short. A mail server's words may repeat them.</summary>
    public OutboxLetter Masked() => this with { To = Mask(To), Fault = Mask(Fault) };

    private static string? Mask(string? text) => text is null ? null : LocalPart().Replace(text, "$1***@");

    [GeneratedRegex("""([^\s<>@:;,'"()\[\]])[^\s<>@]*@""")]
    private static partial Regex LocalPart();
}

/// <param name="OldestPending">When the oldest letter that still waits was written.</param>
internal sealed record OutboxState(long Pending, long Dead, DateTimeOffset? OldestPending)
{
    /// <summary>How many were given up within the last hour after many tries: no server took them, whoever they were for.</summary>
    public long GivenUpLately { get; init; }
}

/// <summary>What this process has done with mail since it started.</summary>
internal sealed class MailTotals
{
    private long sent;
    private long postponed;
    private long dead;
    private long written;

    /// <summary>What stood in the outbox at the last look; never older than a minute or so.</summary>
    public OutboxState State { get; set => Volatile.Write(ref field, value); } = new(0, 0, null);

    /// <summary>Accepted by a server.</summary>
    public long Sent => Interlocked.Read(ref sent);

    /// <summary>Tries that failed and are repeated.</summary>
    public long Postponed => Interlocked.Read(ref postponed);

    public long Dead => Interlocked.Read(ref dead);

    /// <summary>Written to files, for want of a server.</summary>
    public long Written => Interlocked.Read(ref written);

    public void CountSent() => Interlocked.Increment(ref sent);

    public void CountWritten() => Interlocked.Increment(ref written);

    public void CountPostponed() => Interlocked.Increment(ref postponed);

    public void CountDead() => Interlocked.Increment(ref dead);
}
