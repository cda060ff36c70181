using System.Buffers;

namespace Avouch.Server.Http;

/// <summary>
/// The trace that a caller says its request belongs to (W3C Trace Context §3.2). It is a claim: it joins lines of several systems, and proves nothing.
/// </summary>
internal static class TraceParent
{
    private const int Length = 55;   // 00-(32)-(16)-(2)

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <returns>32 hexadecimal digits; <see langword="null"/> where there is no valid header, or more than one.</returns>
    public static string? FindTraceId(HttpContext http) =>
        http.Request.Headers.TraceParent is [{ } header] && IsValid(header) ? header.Substring(3, 32) : null;

    private static bool IsValid(string header)
    {
        if (header.Length < Length || header[2] != '-' || header[35] != '-' || header[52] != '-') return false;
        var version = header.AsSpan(0, 2);
        var trace = header.AsSpan(3, 32);
        var parent = header.AsSpan(36, 16);
        if (!IsHex(version) || version is "ff" || !IsHex(header.AsSpan(53, 2))) return false;
        if (header.Length > Length && (version is "00" || header[Length] != '-')) return false;
        return IsHex(trace) && IsHex(parent) && trace.ContainsAnyExcept('0') && parent.ContainsAnyExcept('0');
    }

    private static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Digits);
}
