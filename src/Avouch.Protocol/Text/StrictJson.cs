using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Avouch.Protocol;

/// <summary>Takes the members of one object, one at a time. The reader stands on the value's first token and is left on its last.</summary>
internal interface IMemberReader
{
    /// <summary>False refuses the whole object.</summary>
    bool TryRead(scoped ReadOnlySpan<byte> name, scoped ref Utf8JsonReader value);
}

/// <summary>
/// JSON as RFC 8259 has it, without what parsers disagree about: the whole text is valid UTF-8 without a byte order mark, is one object,
/// has no comments and no trailing commas, and no member name stands twice (RFC 7515 §4, RFC 7519 §4), also when one of the two is spelled
/// with escapes.
/// </summary>
internal static class StrictJson
{
    private const int MaxDepth = 8;
    private const int MaxNameBytes = 1024; // of all names of the object together; ours take 70

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    public static bool TryReadObject<T>(ReadOnlySpan<byte> utf8, ref T members) where T : IMemberReader, allows ref struct
    {
        if (!Utf8.IsValid(utf8)) return false; // the reader below checks only the strings it is asked for
        try
        {
            return ReadMembers(utf8, ref members);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The platform has no way to ask whether text is JSON without throwing; InvalidOperationException is half a surrogate pair in
            // escapes.
            return false;
        }
    }

    private static bool ReadMembers<T>(ReadOnlySpan<byte> utf8, ref T members) where T : IMemberReader, allows ref struct
    {
        var names = new NameSet(stackalloc byte[MaxNameBytes]);
        var json = new Utf8JsonReader(utf8, Options);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return false;

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = Text(ref json);
            if (!names.TryAdd(name)) return false;
            if (!json.Read() || !members.TryRead(name, ref json)) return false;
        }
        return json.TokenType == JsonTokenType.EndObject && !json.Read(); // throws where anything but white space follows
    }

    /// <summary>The unescaped UTF-8 of a name or string; allocates only where there are escapes.</summary>
    private static ReadOnlySpan<byte> Text(scoped ref Utf8JsonReader json) =>
        json.ValueIsEscaped ? Encoding.UTF8.GetBytes(json.GetString()!) : json.ValueSpan;

    public static bool TryText(scoped ref Utf8JsonReader json, out ReadOnlySpan<byte> text)
    {
        text = json.TokenType == JsonTokenType.String ? Text(ref json) : default;
        return json.TokenType == JsonTokenType.String;
    }

    /// <summary>A string with at least one character. Where it equals <paramref name="known"/>, that very object is returned.</summary>
    public static bool TryString(ref Utf8JsonReader json, string known, [NotNullWhen(true)] out string? text)
    {
        text = json.TokenType != JsonTokenType.String ? null : json.ValueTextEquals(known) ? known : json.GetString();
        return !string.IsNullOrEmpty(text);
    }

    public static bool TryGuid(ref Utf8JsonReader json, out Guid? id)
    {
        id = json.TokenType == JsonTokenType.String && json.TryGetGuid(out var value) ? value : null;
        return id is not null;
    }

    /// <summary>A number written as digits only: a fraction, an exponent or a minus is refused, also where its value is whole or zero.</summary>
    public static bool TryCount(ref Utf8JsonReader json, out long? number)
    {
        number = json.TokenType == JsonTokenType.Number && json.ValueSpan[0] != '-' && json.TryGetInt64(out var value) ? value : null;
        return number is not null;
    }

    /// <summary>A NumericDate (RFC 7519 §2) in whole seconds, from 1970 to the end of the year 9999.</summary>
    public static bool TryDate(ref Utf8JsonReader json, out DateTimeOffset? date)
    {
        date = TryCount(ref json, out var seconds) && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds.Value)
            : null;
        return date is not null;
    }

    public static bool TryStrings(ref Utf8JsonReader json, string known, [NotNullWhen(true)] out string[]? texts)
    {
        texts = null;
        if (json.TokenType != JsonTokenType.StartArray) return false;

        var list = new List<string>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (!TryString(ref json, known, out var text)) return false;
            list.Add(text);
        }
        texts = [.. list];
        return true;
    }

    /// <summary>The names seen so far, each behind its length, in memory that the caller lends.</summary>
    private ref struct NameSet(Span<byte> store)
    {
        private readonly Span<byte> store = store;
        private int used;

        public bool TryAdd(ReadOnlySpan<byte> name)
        {
            if (name.Length > byte.MaxValue || used + 1 + name.Length > store.Length || Contains(name)) return false;
            store[used] = (byte)name.Length;
            name.CopyTo(store[(used + 1)..]);
            used += 1 + name.Length;
            return true;
        }

        private readonly bool Contains(ReadOnlySpan<byte> name)
        {
            for (var at = 0; at < used; at += 1 + store[at])
                if (store.Slice(at + 1, store[at]).SequenceEqual(name)) return true;
            return false;
        }
    }
}
