using System.Collections.Immutable;

namespace Avouch.Server.Passwords;

/// <summary>
/// For each kind of work, the most that any stored hash needs: a snapshot, swapped whole. A refused sign-in does this much of each kind, whoever
/// was meant, so that its time tells neither whether there is such a user nor which system they came from.
/// </summary>
internal sealed class PresentWork(HashWork current, bool equalisesRefusals)
{
    private ImmutableDictionary<WorkKind, long> highest = ImmutableDictionary<WorkKind, long>.Empty.Add(current.Kind, current.Amount);

    public IReadOnlyDictionary<WorkKind, long> Highest => Volatile.Read(ref highest);

    public void Raise(HashWork work) => ImmutableInterlocked.AddOrUpdate(ref highest, work.Kind, work.Amount, (_, old) => Math.Max(old, work.Amount));

    /// <summary>What a refusal has still to do.</summary>
    /// <param name="done">What the hash of the user who was meant has cost; nothing where there is no such user.</param>
    public IEnumerable<HashWork> FindMissing(HashWork? done)
    {
        if (!equalisesRefusals) return done is null ? [current] : [];
        return from kind in Highest
               let missing = kind.Value - (done is { } own && own.Kind == kind.Key ? own.Amount : 0)
               where missing > 0
               select new HashWork(kind.Key, missing);
    }
}
