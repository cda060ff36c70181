using System.Diagnostics.Metrics;
using System.Globalization;
using Avouch.ResourceServer;
using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Mail;
using Avouch.Server.Passwords;
using Avouch.Server.Sessions;

namespace Avouch.Server.Metrics;

/// <summary>What the nouns know at any time, as instruments. Each is read at a scrape and at no other time.</summary>
internal sealed class ServerGauges(
    ServerMeter meter, Database database, SecurityJournal journal, SessionCount sessions, PasswordHasher passwords, SigningKeys keys, RevocationView view, Revocations revocations, TokenCheck check, MailTotals mail, TimeProvider time)
{
    public void Add()
    {
        AddProcess();
        AddNouns();
        AddHashing();
        AddTokens();
        AddMail();
        Follow();
        meter.SignIns.Begin("result", Words<SignInOutcome>.All);
        meter.Refreshes.Begin("result", RefreshResult.All);
        meter.SessionsStarted.Add(0);
        meter.BatchesLost.Add(0);
    }

    private void AddProcess()
    {
        var started = time.GetUtcNow();
        meter.AddGauge("process.start_time", "s", "When the server started, in seconds since 1970.", () => One(started.ToUnixTimeMilliseconds() / 1000.0));
        meter.AddGauge<long>("avouch.build_info", "", "Always 1; its label says which version runs.", () => [new Measurement<long>(1, new KeyValuePair<string, object?>("version", Product.Version))], "version");
    }

    private void AddNouns()
    {
        meter.AddGauge("avouch.sessions.active", "{session}", "Sessions that are alive: counted every hour, and in between with what began and ended.", () => sessions.Active is { } active ? One(active) : []);
        meter.AddGauge("avouch.journal.position", "{row}", "Number of the newest row of the journal that this process wrote.", () => One(journal.Position));
        meter.AddGauge("avouch.database.writes.waiting", "{write}", "Writes that wait for the writer.", () => One((long)database.FindLoad().Waiting));
        meter.AddGauge("avouch.signing_key.age", "s", "How long the signing key has been signing.", () => keys.Current.SigningSince is { } since ? One((time.GetUtcNow() - since).TotalSeconds) : []);
        meter.AddGauge("avouch.signing_key.rotation_due.timestamp", "s", "When the signing key is due to be replaced, in seconds since 1970.", () => keys.DueAt is { } due ? One((double)due.ToUnixTimeSeconds()) : []);
    }

    private void AddHashing()
    {
        meter.AddGauge("avouch.hash.lanes", "{thread}", "Threads that hash passwords.", () => One((long)passwords.Lanes));
        meter.AddGauge("avouch.hash.lanes.busy", "{thread}", "Those of them that hash at this moment.", () => One((long)passwords.Busy));
        meter.AddGauge("avouch.hash.queue.length", "{password}", "Passwords that wait for a lane.", () => One((long)passwords.Queued));
        meter.AddGauge("avouch.hash.queue.capacity", "{password}", "How many may wait; with one more, sign-ins are answered 503.", () => One((long)passwords.QueueCapacity));
        meter.AddCounter("avouch.hash.time", "s", "Time that all lanes together have spent hashing.", () => One(passwords.TimeHashing.TotalSeconds));
    }

    private void AddTokens()
    {
        meter.AddGauge("avouch.revocations.entries", "{entry}", "Sessions and users in the revocation view: what living access tokens are checked against.", () => One((long)view.Count));
        meter.AddGauge("avouch.revocations.position", "{row}", "Number of the newest row of the journal that the revocation view knows.", () => One(revocations.Position));
        meter.AddGauge("avouch.token_cache.entries", "{token}", "Access tokens that are remembered as verified.", () => One((long)check.Remembered));
        meter.AddCounter("avouch.token_cache.lookups", "{lookup}", "Access tokens presented: found among the verified ones, or not.", () => Lookups(), "result");
    }

    private void AddMail()
    {
        meter.AddCounter("avouch.mail.tries", "{mail}", "Tries to hand a mail over: sent (a server has accepted it), written (to a file, for want of a server), postponed (tried again), dead (given up).", () => MailTries(), "result");
        meter.AddGauge("avouch.mail.pending", "{mail}", "Mails that wait in the outbox, counted once a minute.", () => One(mail.State.Pending));
        meter.AddGauge("avouch.mail.dead", "{mail}", "Mails that were given up and that nobody has sent again, counted once a minute.", () => One(mail.State.Dead));
        meter.AddGauge("avouch.mail.oldest_pending.age", "s", "How long the oldest mail that waits has been waiting; 0 where none does.", () => One(mail.State.OldestPending is { } oldest ? (time.GetUtcNow() - oldest).TotalSeconds : 0));
    }

    private IEnumerable<Measurement<long>> MailTries() =>
    [
        new(mail.Sent, new KeyValuePair<string, object?>("result", "sent")),
        new(mail.Written, new KeyValuePair<string, object?>("result", "written")),
        new(mail.Postponed, new KeyValuePair<string, object?>("result", "postponed")),
        new(mail.Dead, new KeyValuePair<string, object?>("result", "dead")),
    ];

    /// <summary>Told by the writer after each transaction, and by the journal after each row is committed.</summary>
    private void Follow()
    {
        database.BatchWritten = batch =>
        {
            if (batch.IsLost) meter.BatchesLost.Add(1);
            if (batch.Writes > 0) meter.BatchWrites.Record(batch.Writes);
            meter.BatchDuration.Record(batch.Duration.TotalSeconds);
        };
        journal.Committed += entry =>
        {
            meter.JournalRows.Count("kind", entry.Kind);
            if (entry.Kind == JournalKind.SignedIn) meter.SessionsStarted.Add(1);
            if (entry.Kind == JournalKind.SessionEnded) meter.SessionsEnded.Count("reason", entry.Detail ?? "");
            if (entry.Kind == JournalKind.SessionsEnded && long.TryParse(entry.Detail, CultureInfo.InvariantCulture, out var ended))
                meter.SessionsEnded.Add(ended, new KeyValuePair<string, object?>("reason", EndReason.EndedByAdmin));
        };
    }

    private IEnumerable<Measurement<long>> Lookups() =>
    [
        new(check.CacheHits, new KeyValuePair<string, object?>("result", "hit")),
        new(check.CacheMisses, new KeyValuePair<string, object?>("result", "miss")),
    ];

    private static Measurement<T>[] One<T>(T value) where T : struct => [new Measurement<T>(value)];
}
