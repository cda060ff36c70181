namespace Avouch.Server.Places;

/// <summary>The tree of a MaxMind DB file: nodes of two records each. A record names a node, nothing (the number of nodes), or a value beyond that.</summary>
/// <param name="count">How many nodes there are.</param>
/// <param name="size">Bits of a record: 24, 28 or 32.</param>
/// <param name="version">4 or 6: how long addresses are.</param>
internal sealed class PlaceTree(PlaceBytes bytes, long count, int size, int version)
{
    private readonly int nodeBytes = size / 4;

    public long Count => count;

    public int Version => version;

    /// <summary>Where IPv4 addresses begin in a tree of IPv6 addresses: behind 96 zeros.</summary>
    public long Version4 { get; set; }

    public long Length => count * nodeBytes;

    /// <returns>The record at the end of the way; nothing where the way has no end.</returns>
    public long? Walk(long node, ReadOnlySpan<byte> address)
    {
        for (var bit = 0; bit < 8 * address.Length && node < count; bit++)
        {
            var isRight = ((address[bit / 8] >> (7 - (bit % 8))) & 1) == 1;
            if (Read(node, isRight) is not { } next) return null;
            node = next;
        }
        return node;
    }

    private long? Read(long node, bool isRight)
    {
        Span<byte> both = stackalloc byte[8];
        if (!bytes.TryRead(node * nodeBytes, both[..nodeBytes])) return null;
        var half = both.Slice(isRight ? nodeBytes - (size / 8) : 0, size / 8);
        long value = 0;
        foreach (var part in half) value = (value << 8) | part;
        if (size == 28) value |= (long)(isRight ? both[3] & 0x0f : both[3] >> 4) << 24;   // the byte in the middle holds the highest bits of both
        return value;
    }
}
