using System.Buffers;
using System.Text;

namespace Avouch.Server.Http;

/// <summary>The parts of one element of a <c>Forwarded</c> header that we use; its <c>by</c> and <c>host</c> are read over.</summary>
internal readonly record struct ForwardedElement(string? For, string? Proto);

/// <summary>The grammar of RFC 7239 §4: elements with commas between them, pairs with semicolons between them, values as tokens or in quotes.</summary>
internal ref struct ForwardedElements
{
    private static readonly SearchValues<char> TokenLetters = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private ReadOnlySpan<char> rest;

    /// <summary>Every element in order, or nothing if any of them breaks the grammar or says one thing twice.</summary>
    public static List<ForwardedElement>? Read(string header)
    {
        var reader = new ForwardedElements { rest = header };
        var elements = new List<ForwardedElement>();
        do
        {
            reader.SkipBlanks();
            if (reader.rest is [] or [',', ..]) continue;   // an empty place in a list counts for nothing (RFC 9110 §5.6.1)
            if (reader.ReadElement() is not { } element) return null;
            elements.Add(element);
        }
        while (reader.Take(','));
        return reader.rest.IsEmpty ? elements : null;
    }

    private ForwardedElement? ReadElement()
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var element = new ForwardedElement(null, null);
        do
        {
            SkipBlanks();
            if (ReadToken() is not { } name || !Take('=') || ReadValue() is not { } value || !names.Add(name)) return null;
            if (name.Equals("for", StringComparison.OrdinalIgnoreCase)) element = element with { For = value };
            if (name.Equals("proto", StringComparison.OrdinalIgnoreCase)) element = element with { Proto = value };
            SkipBlanks();
        }
        while (Take(';'));
        return element;
    }

    private string? ReadToken()
    {
        var end = rest.IndexOfAnyExcept(TokenLetters);
        var token = rest[..(end < 0 ? rest.Length : end)];
        rest = rest[token.Length..];
        return token.IsEmpty ? null : token.ToString();
    }

    private string? ReadValue() => Take('"') ? ReadQuoted() : ReadToken();

    /// <summary>The text of a quoted string behind its first quote (RFC 9110 §5.6.4).</summary>
    private string? ReadQuoted()
    {
        var text = new StringBuilder();
        while (rest is [var letter, .. var behind])
        {
            rest = behind;
            if (letter == '"') return text.ToString();
            if (letter == '\\' && !rest.IsEmpty)
            {
                text.Append(rest[0]);
                rest = rest[1..];
            }
            else text.Append(letter);
        }
        return null;
    }

    private bool Take(char letter)
    {
        if (rest is not [var first, .. var behind] || first != letter) return false;
        rest = behind;
        return true;
    }

    private void SkipBlanks() => rest = rest.TrimStart([' ', '\t']);
}
