using System.Threading.Channels;

namespace Avouch.Server.Mail;

/// <summary>
/// Takes what is due out of the outbox and has it carried. A letter counts as sent only when somebody has accepted it, and is marked before anything else
/// happens, so at most the letters that were on their way when the power failed come twice. A few are carried at once: one conversation that hangs
/// does not hold up the others.
/// </summary>
internal sealed partial class Postman(OutboxQueue queue, Outbox outbox, Composer composer, ICarrier carrier, MailTotals totals, TimeProvider time, ILogger<Postman> logger) : BackgroundService
{
    private const int Hands = 4;

    /// <summary>A letter that somebody else added is found at the latest after this.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    /// <summary>Each step of a conversation has its limit; this one is for all of them, and ends before the claim does.</summary>
    private static readonly TimeSpan CarryLimit = OutboxQueue.Lease - TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim hands = new(Hands);
    private readonly Channel<bool> bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public override void Dispose()
    {
        hands.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        outbox.Added += Ring;
        try
        {
            await Try(async () => await queue.Reclaim());
            while (true) await Work(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            for (var hand = 0; hand < Hands; hand++) await hands.WaitAsync(CancellationToken.None);   // those on their way come to their end
        }
        finally
        {
            outbox.Added -= Ring;
        }
    }

    private void Ring() => bell.Writer.TryWrite(true);

    /// <summary>One letter, or a sleep until there is one.</summary>
    private async Task Work(CancellationToken stop)
    {
        await hands.WaitAsync(stop);
        ClaimedLetter? letter = null;
        var next = time.GetUtcNow() + LongestSleep;
        var isWell = await Try(async () =>
        {
            if (await queue.FindNextDue() is { } due && due < next) next = due;
            if (next <= time.GetUtcNow()) letter = await queue.Claim();
            if (letter is null) totals.State = await outbox.Measure();
        });
        if (letter is not null)
        {
            _ = Deliver(letter, stop);   // lets go of the hand
            return;
        }
        hands.Release();
        await Sleep(isWell ? next : time.GetUtcNow() + LongestSleep, stop);
    }

    /// <summary>Until a moment, or until somebody rings.</summary>
    private async Task Sleep(DateTimeOffset until, CancellationToken stop)
    {
        var left = until - time.GetUtcNow();
        if (left <= TimeSpan.Zero) return;
        using var alarm = new CancellationTokenSource(left, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, alarm.Token);
        if (time.GetUtcNow() >= until) return;   // the clock moved between the look and the alarm
        try
        {
            await bell.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // it is time
        }
    }

    private async Task Deliver(ClaimedLetter letter, CancellationToken stop)
    {
        await Task.Yield();
        try
        {
            await Try(async () => await Settle(letter, await Carry(letter, stop)));
        }
        finally
        {
            hands.Release();
            Ring();
        }
    }

    /// <returns>Nothing where we were told to stop.</returns>
    private async Task<Outcome?> Carry(ClaimedLetter letter, CancellationToken stop)
    {
        if (letter.Letter is null) return new Outcome(Verdict.Refused, "It is sealed under a master key that this server does not have.");
        if (MailTime.Read(letter.Letter.Values.GetValueOrDefault(MailValue.Expires)) <= time.GetUtcNow()) return new Outcome(Verdict.Refused, "Its link had expired before a server took it.");
        var (mail, fault) = composer.Compose(letter.Id, letter.CreatedAt, letter.Letter);
        if (mail is null) return new Outcome(Verdict.Refused, fault!);
        using var over = new CancellationTokenSource(CarryLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, over.Token);
        try
        {
            return await carrier.Carry(mail, either.Token);
        }
        catch (OperationCanceledException)
        {
            return stop.IsCancellationRequested ? null : new Outcome(Verdict.Postponed, "The conversation took too long.");
        }
        catch (Exception broken)
        {
            Log.CarrierBroke(logger, broken, letter.Id);
            return new Outcome(Verdict.Postponed, "It could not be carried; the log says why.");
        }
    }

    private async Task Settle(ClaimedLetter letter, Outcome? outcome)
    {
        if (outcome is null) await queue.Release(letter);
        else if (outcome.Verdict == Verdict.Accepted) await Accept(letter);
        else if (outcome.Verdict == Verdict.Written) await NoteWritten(letter);
        else if (outcome.Verdict == Verdict.Postponed && BackOff.After(letter.Attempt) is { } wait) await Postpone(letter, wait, outcome.Words);
        else await GiveUp(letter, outcome);
    }

    private async Task Accept(ClaimedLetter letter)
    {
        await queue.MarkSent(letter);
        totals.CountSent();
        Log.Sent(logger, letter.Template, letter.Id);
    }

    private async Task NoteWritten(ClaimedLetter letter)
    {
        await queue.MarkWritten(letter);
        totals.CountWritten();
        Log.Written(logger, letter.Template, letter.Id);
    }

    private async Task Postpone(ClaimedLetter letter, TimeSpan wait, string words)
    {
        await queue.Postpone(letter, time.GetUtcNow() + wait, words);
        totals.CountPostponed();
        Log.Postponed(logger, letter.Template, letter.Id, (int)wait.TotalSeconds, words);
    }

    private async Task GiveUp(ClaimedLetter letter, Outcome outcome)
    {
        var words = outcome.Verdict == Verdict.Postponed ? $"{OutboxQueue.GivenUp} {letter.Attempt} tries. {outcome.Words}" : outcome.Words;
        await queue.Bury(letter, words);
        totals.CountDead();
        Log.Died(logger, letter.Template, letter.Id, words);
    }

    /// <summary>The database may fail for a while. Mail waits; the claim of a letter whose end could not be written ends by itself.</summary>
    private async Task<bool> Try(Func<Task> work)
    {
        try
        {
            await work();
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Log.Failed(logger, failure);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventName = "mail.sent", Level = LogLevel.Information, Message = "The mail {Template} {Id} was accepted.")]
        public static partial void Sent(ILogger logger, string template, Guid id);

        [LoggerMessage(EventName = "mail.written", Level = LogLevel.Information, Message = "The mail {Template} {Id} was written to a file and sent to nobody: AVOUCH_SMTP_HOST is not set.")]
        public static partial void Written(ILogger logger, string template, Guid id);

        [LoggerMessage(EventName = "mail.postponed", Level = LogLevel.Warning, Message = "The mail {Template} {Id} is tried again in {Seconds} s. {Words}")]
        public static partial void Postponed(ILogger logger, string template, Guid id, int seconds, string words);

        [LoggerMessage(EventName = "mail.given_up", Level = LogLevel.Error, Message = "The mail {Template} {Id} is given up. {Words} Once that is mended: avouch mail retry {Id}")]
        public static partial void Died(ILogger logger, string template, Guid id, string words);

        [LoggerMessage(EventName = "mail.carrier_failed", Level = LogLevel.Error, Message = "The mail {Id} could not be carried.")]
        public static partial void CarrierBroke(ILogger logger, Exception error, Guid id);

        [LoggerMessage(EventName = "mail.outbox_failed", Level = LogLevel.Error, Message = "The outbox could not be read or written; it is tried again.")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
