namespace Avouch.Server.Passwords;

/// <summary>
/// First come, first served inside a key; between keys one each in turn. A key with a thousand entries delays another key by one entry. One
/// key may hold only a share of the places, so that it cannot fill the queue either. Not thread-safe: the lanes hold their lock.
/// </summary>
internal sealed class FairQueue<T>(int capacity, int capacityPerKey)
{
    private readonly Dictionary<string, LinkedList<T>> waiting = new(StringComparer.Ordinal);
    private readonly LinkedList<string> turns = new(); // keys with at least one entry; the first is next

    public int Count { get; private set; }

    /// <summary>The place of the new entry, or null when the queue, or the key's share of it, is full.</summary>
    public LinkedListNode<T>? Add(string key, T item)
    {
        if (Count >= capacity) return null;
        if (!waiting.TryGetValue(key, out var line))
        {
            waiting.Add(key, line = new LinkedList<T>());
            turns.AddLast(key);
        }
        if (line.Count >= capacityPerKey) return null;

        Count++;
        return line.AddLast(item);
    }

    /// <summary>Takes the next entry and sends its key to the end of the round. False when nothing waits.</summary>
    public bool TryTake(out T item)
    {
        item = default!;
        if (turns.First is not { } turn) return false;

        var line = waiting[turn.Value];
        item = line.First!.Value;
        turns.RemoveFirst();
        if (line.Count > 1) turns.AddLast(turn);
        Delete(turn.Value, line.First);
        return true;
    }

    /// <summary>Takes an entry out before its turn. False when it was taken already.</summary>
    public bool Delete(string key, LinkedListNode<T> place)
    {
        if (place.List is not { } line) return false;

        line.Remove(place);
        Count--;
        if (line.Count > 0) return true;
        waiting.Remove(key);
        turns.Remove(key); // as many steps as there are keys, and only when a client has gone
        return true;
    }
}
