using Avouch.Server.Health;
using Avouch.Server.Http;
using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Mail;
using Avouch.Server.Sessions;
using Avouch.Server.Users;

namespace Avouch.Server;

/// <summary>What has to be done once a minute, whoever asks. A chore that fails is logged and tried again a minute later.</summary>
internal sealed partial class Housekeeping(SessionPurge sessions, SessionCount count, JournalPurge journal, JournalErasure erasure, FullNameKeys names, HeldNames held, FailedSignIns failures, SigningKeys keys, AccountProofs proofs, RefusalLog refusals, HealthWatch health, OutboxPurge outbox, MailFolder mail, TimeProvider time, ILogger<Housekeeping> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            await Run("session count", count.Run());
            while (await timer.WaitForNextTickAsync(stoppingToken)) await RunAll(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            refusals.Flush();
            await failures.Flush();   // the last minute's sum is not lost by a restart
        }
    }

    internal async Task RunAll(CancellationToken stoppingToken)
    {
        refusals.Flush();
        await Run("failed sign-ins", failures.Flush().AsTask());
        await Run("key rotation", keys.RotateIfDue());
        await Run("health", health.LookAtAll());
        await Run("session purge", sessions.Run(stoppingToken));
        await Run("session count", count.Run());
        await Run("journal purge", journal.Run(stoppingToken));
        await Run("look-alikes of names", held.FillIn(stoppingToken));
        await Run("purge of held names", held.Purge());
        await Run("purge of mailed secrets", proofs.Purge(stoppingToken));
        await Run("outbox purge", outbox.Run(stoppingToken));
        await Run("mail folder", mail.Purge());
        await Run("erasure of deleted users", erasure.Run(stoppingToken));
        await Run("keys of full names", names.Run(stoppingToken));
    }

    private async Task Run(string name, Task chore)
    {
        try
        {
            await chore;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Log.ChoreFailed(logger, error, name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventName = "chore.failed", Level = LogLevel.Error, Message = "The chore \"{Chore}\" failed; it is tried again in a minute.")]
        public static partial void ChoreFailed(ILogger logger, Exception error, string chore);
    }
}
