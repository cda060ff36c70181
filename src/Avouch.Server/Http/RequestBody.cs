using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;

namespace Avouch.Server.Http;

/// <summary>
/// The body of a request as a record, or the problem that says what is wrong with it. Members that the record does not know are ignored;
/// duplicate ones are refused, because nobody could tell which of them counts. Nothing that was sent is ever repeated in an answer.
/// </summary>
internal static class RequestBody
{
    private const string Json = "application/json";
    private const string Form = "application/x-www-form-urlencoded";

    private static readonly SearchValues<char> NameLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_");

    public static async Task<Body<T>> ReadJson<T>(HttpContext http, JsonTypeInfo<T> type) where T : class
    {
        if (!http.Request.HasJsonContentType()) return new(null, Problems.WrongMediaType(Json));
        return await Parse(http, type);
    }

    /// <summary>JSON, or a form with fields of the same names.</summary>
    public static async Task<Body<T>> ReadJsonOrForm<T>(HttpContext http, JsonTypeInfo<T> type, Func<IFormCollection, T> ofForm) where T : class
    {
        if (http.Request.HasJsonContentType()) return await Parse(http, type);
        if (IsForm(http)) return await ReadForm(http, ofForm);
        return new(null, Problems.WrongMediaType($"{Json} or {Form}"));
    }

    public static async Task<Body<T>> ReadForm<T>(HttpContext http, Func<IFormCollection, T> ofForm) where T : class
    {
        if (!IsForm(http)) return new(null, Problems.WrongMediaType(Form));
        try
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            return form.Any(IsUnclear) ? new(null, Problems.InvalidForm) : new(ofForm(form), null);
        }
        catch (InvalidDataException)
        {
            return new(null, Problems.InvalidForm);   // too many or too long fields
        }
        catch (BadHttpRequestException error)
        {
            return new(null, Of(error));
        }
    }

    /// <summary>A field that stands twice, or whose bytes were not UTF-8: the reader has put a replacement character there.</summary>
    private static bool IsUnclear(KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues> field) =>
        field.Value is not [{ } value] || value.Contains('\uFFFD', StringComparison.Ordinal) || field.Key.Contains('\uFFFD', StringComparison.Ordinal);

    /// <summary>One field of a form. None stands twice: such a form was refused before (RFC 6749 §3.2).</summary>
    public static string? Single(this IFormCollection form, string name) => form[name] is [var value] ? value : null;

    public static Problem Of(BadHttpRequestException error) => error.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => Problems.BodyTooLarge,
        StatusCodes.Status408RequestTimeout => Problems.TooSlow,
        _ => Problems.BadRequest,
    };

    /// <summary>Whether the client sends nothing, whatever type it gives that nothing.</summary>
    public static bool IsEmpty(HttpContext http) =>
        http.Request.ContentLength == 0 || http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };

    private static async Task<Body<T>> Parse<T>(HttpContext http, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            var value = await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted);
            return value is null ? new(null, Problems.InvalidJson) : new(value, null);
        }
        catch (JsonException error)
        {
            return new(null, Explain(error));
        }
        catch (BadHttpRequestException error)
        {
            return new(null, Of(error));
        }
    }

    /// <summary>A member of the wrong type is a fault of that field; anything else is not JSON as we take it.</summary>
    private static Problem Explain(JsonException error) =>
        error.InnerException is InvalidOperationException or FormatException && error.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) && IsName(path.AsSpan(2))
            ? Problems.Invalid(path[2..], "This has the wrong type.")
            : Problems.InvalidJson;

    /// <summary>A name of the kind that our own members have: safe to show.</summary>
    public static bool IsName(ReadOnlySpan<char> name) => name.Length <= 40 && !name.ContainsAnyExcept(NameLetters);

    /// <summary>UTF-8 or unsaid: whatever else a client may name, the framework would try to read, and throw where it cannot.</summary>
    private static bool IsForm(HttpContext http) =>
        http.Request.ContentType is { } type && Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(type, out var parsed)
        && parsed.MediaType.Equals(Form, StringComparison.OrdinalIgnoreCase)
        && (!parsed.Charset.HasValue || parsed.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}

/// <summary>Either the value or the problem.</summary>
internal readonly record struct Body<T>(T? Value, Problem? Problem) where T : class;
