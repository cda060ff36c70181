using Avouch.Server.Health;
using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Users;

namespace Avouch.Server.Pages.Admin;

/// <summary>What the overview shows. What the visitor may not see is not read, and not here.</summary>
/// <param name="Started">When this process began to serve.</param>
internal sealed record OverviewModel(bool IsWeek, IReadOnlyList<HealthFinding> Health, HashLoad Hashing, DateTimeOffset Started)
{
    public IReadOnlyList<JournalHour>? Hours { get; init; }

    public IReadOnlyList<JournalEntry>? Alarms { get; init; }

    /// <summary>What people in the alarms are called, for whoever may see accounts.</summary>
    public IReadOnlyDictionary<Guid, string> Names { get; init; } = new Dictionary<Guid, string>();

    public UserTotals? Users { get; init; }

    /// <summary>Nothing until they have been counted.</summary>
    public long? Sessions { get; init; }

    public OutboxState? Mail { get; init; }

    public KeysInShort? Keys { get; init; }

    /// <summary>Hours put together: one for each point of a picture.</summary>
    public IReadOnlyList<JournalHour> Moments => IsWeek ? [.. Hours!.Chunk(6).Select(Sum)] : Hours!;

    private static JournalHour Sum(JournalHour[] hours) => hours.Aggregate(new JournalHour(hours[0].Begin), static (sum, hour) => sum with
    {
        SignedIn = sum.SignedIn + hour.SignedIn,
        Refused = sum.Refused + hour.Refused,
        Locked = sum.Locked + hour.Locked,
        Replayed = sum.Replayed + hour.Replayed,
        Registered = sum.Registered + hour.Registered,
        ResetsRequested = sum.ResetsRequested + hour.ResetsRequested,
    });
}

/// <summary>The threads that hash passwords, at this moment.</summary>
internal sealed record HashLoad(int Lanes, int Busy, int Queued, int QueueCapacity);

/// <param name="Since">Nothing where the secret of the settings signs.</param>
internal sealed record KeysInShort(string Algorithm, DateTimeOffset? Since, DateTimeOffset? DueAt);
