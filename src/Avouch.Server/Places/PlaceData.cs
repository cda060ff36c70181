using System.Buffers.Binary;
using System.Text;

namespace Avouch.Server.Places;

/// <summary>
/// One look into values of a MaxMind DB file: maps, texts, numbers. It goes to a named member and reads that alone. Nobody checks such a file as a whole, so
/// every step is bounded: a value that lies outside, points in a circle or nests without end is no value.
/// </summary>
/// <param name="start">Where the section begins: what pointers count from.</param>
/// <param name="end">The first byte that is not of the section.</param>
internal sealed class PlaceData(PlaceBytes bytes, long start, long end)
{
    private const int MaxSteps = 4096;
    private const int MaxDepth = 16;
    private const int MaxText = 256;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private int steps = MaxSteps;

    private enum Kind
    {
        Extended = 0,
        Pointer = 1,
        Text = 2,
        Bytes = 4,
        Short = 5,
        Number = 6,
        Map = 7,
        Long = 9,
        Array = 11,
        Cache = 12,
        End = 13,
        Flag = 14,
    }

    /// <param name="Start">Where the content begins; of a pointer, what it points to.</param>
    /// <param name="Size">Bytes, or items of a map or an array.</param>
    private readonly record struct Head(Kind Kind, long Start, int Size);

    /// <summary>Where the member of a map of maps begins.</summary>
    public long? Find(long map, params ReadOnlySpan<string> path)
    {
        long? at = map;
        foreach (var name in path) at = at is { } found ? FindMember(found, name) : null;
        return at;
    }

    /// <summary>A text without control characters, which a page could not show.</summary>
    public string? Text(long? at)
    {
        if (at is not { } place || Open(ref place) is not { Kind: Kind.Text, Size: > 0 and <= MaxText } head) return null;
        Span<byte> buffer = stackalloc byte[MaxText];
        var content = buffer[..head.Size];
        if (!TryRead(head.Start, content)) return null;
        try
        {
            var text = Utf8.GetString(content);
            return text.Any(char.IsControl) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    public long? Number(long? at)
    {
        if (at is not { } place || Open(ref place) is not { Kind: Kind.Short or Kind.Number or Kind.Long, Size: <= 7 } head) return null;
        Span<byte> content = stackalloc byte[8];
        content.Clear();
        return TryRead(head.Start, content[^head.Size..]) ? BinaryPrimitives.ReadInt64BigEndian(content) : null;
    }

    private long? FindMember(long map, string name)
    {
        if (Open(ref map) is not { Kind: Kind.Map } head) return null;
        var at = head.Start;
        for (var i = 0; i < head.Size; i++)
        {
            var key = at;
            if (!TrySkip(ref at, MaxDepth)) return null;   // the key
            if (Text(key) == name) return at;
            if (!TrySkip(ref at, MaxDepth)) return null;
        }
        return null;
    }

    /// <summary>The head of a value, or of what stands in its place elsewhere. A pointer leads to no other pointer.</summary>
    private Head? Open(ref long at)
    {
        if (ReadHead(ref at) is not { } head) return null;
        if (head.Kind != Kind.Pointer) return head;
        var target = head.Start;
        return ReadHead(ref target) is { Kind: not Kind.Pointer } found ? found : null;
    }

    private bool TrySkip(ref long at, int depth)
    {
        if (depth == 0 || ReadHead(ref at) is not { } head) return false;
        switch (head.Kind)
        {
            case Kind.Pointer or Kind.Flag: return true;   // the size of a flag is its value
            case Kind.Map or Kind.Array:
                var items = head.Kind == Kind.Map ? 2L * head.Size : head.Size;
                for (var i = 0L; i < items; i++)
                    if (!TrySkip(ref at, depth - 1))
                        return false;
                return true;
            case Kind.Extended or Kind.Cache or Kind.End: return false;
            default:
                at += head.Size;
                return true;
        }
    }

    /// <summary>Reads one control byte with what belongs to it, and leaves <paramref name="at"/> behind it.</summary>
    private Head? ReadHead(ref long at)
    {
        if (--steps < 0 || ReadNumber(ref at, 1) is not { } control) return null;
        var kind = (Kind)(control >> 5);
        if (kind == Kind.Pointer) return ReadPointer(ref at, (int)control);
        if (kind == Kind.Extended)
        {
            if (ReadNumber(ref at, 1) is not { } further) return null;
            kind = (Kind)(further + 7);
        }
        var size = control & 0x1f;
        if (size >= 29)
        {
            if (ReadNumber(ref at, (int)size - 28) is not { } more) return null;
            size = more + size switch { 29 => 29, 30 => 285, _ => 65_821 };
        }
        return new Head(kind, at, (int)size);
    }

    private Head? ReadPointer(ref long at, int control)
    {
        var length = ((control >> 3) & 3) + 1;
        if (ReadNumber(ref at, length) is not { } value) return null;
        var high = (long)(control & 7) << (8 * length);
        var target = length switch { 1 => high + value, 2 => high + value + 2048, 3 => high + value + 526_336, _ => value };
        return new Head(Kind.Pointer, start + target, 0);
    }

    private long? ReadNumber(ref long at, int length)
    {
        Span<byte> content = stackalloc byte[8];
        content.Clear();
        if (!TryRead(at, content[^length..])) return null;
        at += length;
        return BinaryPrimitives.ReadInt64BigEndian(content);
    }

    private bool TryRead(long at, Span<byte> into) => at >= start && at <= end - into.Length && bytes.TryRead(at, into);
}
