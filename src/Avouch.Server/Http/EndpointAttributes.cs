using Microsoft.AspNetCore.Http.Metadata;

namespace Avouch.Server.Http;

/// <summary>What a handler takes in its body, with an example: for the OpenAPI document.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TakesAttribute<T>(string example, string mediaType = TakesAttribute.Json) : TakesAttribute(typeof(T), example, mediaType);

/// <remarks>
/// It is not the framework's <see cref="IAcceptsMetadata"/>: with that, routing answers 415 by itself before the handler, which may take a form too.
/// </remarks>
internal abstract class TakesAttribute(Type type, string example, string mediaType) : Attribute
{
    public Type Type { get; } = type;

    public string Example { get; } = example;

    public const string Json = "application/json";
    public const string Form = "application/x-www-form-urlencoded";

    public string MediaType { get; } = mediaType;

    /// <summary>An example of the form that is taken as well.</summary>
    public string? OrForm { get; init; }

    /// <summary>Whether the body may be left out.</summary>
    public bool Optional { get; init; }
}

/// <summary>An answer that the document shows an example of.</summary>
internal interface IShowsExample : IProducesResponseTypeMetadata
{
    string? Example { get; }
}

/// <summary>An answer with a body of this type.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class GivesAttribute<T>(int status, string description, string? example = null) : Attribute, IShowsExample
{
    public Type Type => typeof(T);

    public string? Example { get; } = example;

    public int StatusCode { get; } = status;

    public string Description { get; } = description;

    public IEnumerable<string> ContentTypes { get; } = ["application/json"];
}

/// <summary>An answer without a body, or with one that has no schema.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class GivesAttribute(int status, string description, string? mediaType = null) : Attribute, IProducesResponseTypeMetadata
{
    public Type? Type => mediaType is null ? typeof(void) : typeof(string);

    public int StatusCode { get; } = status;

    public string Description { get; } = description;

    public IEnumerable<string> ContentTypes { get; } = mediaType is null ? [] : [mediaType];
}

/// <summary>The statuses with which a handler refuses; each is a problem document.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RefusesAttribute(params int[] statuses) : Attribute
{
    public IReadOnlyList<int> Statuses { get; } = statuses;
}

/// <summary>The handler takes an access token in the <c>Authorization</c> header.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TakesAccessTokenAttribute : Attribute
{
    public bool Optional { get; init; }
}

/// <summary>The handler takes a parameter in the query of its URL.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class TakesQueryAttribute(string name, string description, string type = "string") : Attribute
{
    public string Name { get; } = name;

    public string Description { get; } = description;

    /// <summary><c>string</c>, <c>integer</c> or <c>boolean</c>.</summary>
    public string Type { get; } = type;
}

/// <summary>The handler takes an id in its path.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TakesPathIdAttribute(string name, string description) : Attribute
{
    /// <summary>Whether it is a UUID; otherwise a plain name.</summary>
    public bool IsUuid { get; init; } = true;

    public string Name { get; } = name;

    public string Description { get; } = description;
}
