using System.Collections.Concurrent;
using Avouch.Server.Journal;

namespace Avouch.Server.Users;

/// <summary>
/// The answer of <c>users/me</c> as bytes, for users who asked lately. The journal says when one is stale, so a warm request needs no database.
/// </summary>
/// <remarks>
/// A reader may load a row just before a change commits and store it just after. So each load notes the number of changes first, and what it
/// loaded is kept only if that number still stands; the numbers are striped by user, so that unrelated changes do not disturb each other.
/// </remarks>
internal sealed class UserCache
{
    private const int Capacity = 20_000;
    private const int Stripes = 1024;

    private readonly ConcurrentDictionary<Guid, Known> answers = new();
    private readonly long[] changes = new long[Stripes];
    private readonly UserAccounts users;

    private sealed record Known(byte[] Answer, bool IsVerified);

    public UserCache(UserAccounts users, SecurityJournal journal)
    {
        this.users = users;
        journal.Committed += Forget;
    }

    /// <summary>The user's JSON; <see langword="null"/> when there is no such user.</summary>
    public ValueTask<byte[]?> Find(Guid id) =>
        answers.TryGetValue(id, out var known) ? new ValueTask<byte[]?>(known.Answer) : LoadAnswer(id);

    /// <summary>Whether the user has shown that the e-mail address is theirs.</summary>
    public async ValueTask<bool> IsVerified(Guid id) => (answers.TryGetValue(id, out var known) ? known : await Load(id))?.IsVerified == true;

    private async ValueTask<byte[]?> LoadAnswer(Guid id) => (await Load(id))?.Answer;

    private async ValueTask<Known?> Load(Guid id)
    {
        var before = Volatile.Read(ref changes[Stripe(id)]);
        if (await users.Find(id) is not { } user) return null;
        var answer = new Known(UserJson.Serialize(user), user.IsVerified);
        if (answers.Count >= Capacity) answers.Clear();   // rare, and a cold cache is only slower
        answers[id] = answer;
        if (Volatile.Read(ref changes[Stripe(id)]) != before) answers.TryRemove(new(id, answer));
        return answer;
    }

    private void Forget(JournalEntry entry)
    {
        if (entry.UserId is not { } id) return;
        Interlocked.Increment(ref changes[Stripe(id)]);
        answers.TryRemove(id, out _);
    }

    private static int Stripe(Guid id) => (id.GetHashCode() & int.MaxValue) % Stripes;
}
