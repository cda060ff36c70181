using System.Buffers;

namespace Avouch.Protocol;

/// <summary>
/// A set of scope tokens (RFC 6749 §3.3). Order and repetition carry no meaning there, so equal sets are equal values and are written
/// alike: sorted, each token once. <c>default</c> is the empty set.
/// </summary>
public readonly record struct Scope
{
    // NQCHAR: no space, quote or backslash
    private static readonly SearchValues<char> TokenChars = SearchValues.Create(
        "!#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    private readonly string? text; // canonical, and null for the empty set: so the compiler's equality is set equality

    private Scope(string text) => this.text = text;

    /// <summary>Whether no token is in the set.</summary>
    public bool IsEmpty => text is null;

    /// <summary>The tokens in ordinal order.</summary>
    public IReadOnlyList<string> Tokens => text?.Split(' ') ?? [];

    /// <summary>A set of these tokens.</summary>
    /// <exception cref="ArgumentException">One of them is not a scope token.</exception>
    public static Scope Of(params ReadOnlySpan<string> tokens)
    {
        foreach (var token in tokens)
            if (!IsToken(token)) throw new ArgumentException("A scope token is visible ASCII without quote and backslash.", nameof(tokens));
        return tokens.IsEmpty ? default : Canonical(tokens.ToArray());
    }

    /// <summary>
    /// Reads tokens parted by exactly one space. Refused: no token at all, other white space, spaces at the ends or doubled, and
    /// characters outside the grammar.
    /// </summary>
    public static bool TryParse(string? text, out Scope scope)
    {
        scope = default;
        if (string.IsNullOrEmpty(text)) return false;
        var tokens = text.Split(' ');
        if (!Array.TrueForAll(tokens, token => IsToken(token))) return false;

        scope = Canonical(tokens);
        return true;
    }

    /// <summary>Whether the token is in the set; scope tokens are case-sensitive. Allocates nothing.</summary>
    public bool Contains(ReadOnlySpan<char> token)
    {
        foreach (var range in text.AsSpan().Split(' '))
            if (!token.IsEmpty && text.AsSpan(range).SequenceEqual(token)) return true;
        return false;
    }

    /// <summary>
    /// Whether every token is also in <paramref name="other"/>: a refresh may narrow a scope, never widen it (RFC 6749 §6).
    /// </summary>
    public bool IsSubsetOf(Scope other)
    {
        foreach (var range in text.AsSpan().Split(' '))
            if (!IsEmpty && !other.Contains(text.AsSpan(range))) return false;
        return true;
    }

    /// <summary>The tokens, sorted and parted by single spaces; empty for the empty set.</summary>
    public override string ToString() => text ?? "";

    private static bool IsToken(ReadOnlySpan<char> token) => !token.IsEmpty && !token.ContainsAnyExcept(TokenChars);

    private static Scope Canonical(string[] tokens) => new(string.Join(' ', tokens.Distinct().Order(StringComparer.Ordinal)));
}
