using Avouch.Server.Mail;

namespace Avouch.Server.Health;

/// <summary>Whether mail goes out. That one recipient was refused is no ill health of this server: the log and <c>avouch mail list</c> tell of it.</summary>
internal sealed class MailCheck(Outbox outbox, TimeProvider time)
{
    /// <summary>A server that is down for a while, or that greylists, is no reason to call anybody.</summary>
    internal static readonly TimeSpan MayWait = TimeSpan.FromMinutes(15);

    public async ValueTask<HealthState> Find()
    {
        var state = await outbox.Measure();
        var oldest = state.OldestPending is { } begun ? time.GetUtcNow() - begun : TimeSpan.Zero;
        var detail = $"{state.Pending} mails wait, the oldest for {oldest.TotalSeconds:0} s; {state.Dead} are given up";
        if (oldest > MayWait) return HealthState.Degraded("Mail does not go out; the log says why.", detail);
        return state.GivenUpLately > 0 ? HealthState.Degraded("Mail was given up after many tries; an administrator has to look.", detail) : HealthState.Well(detail);
    }
}
