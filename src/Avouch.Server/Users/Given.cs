namespace Avouch.Server.Users;

/// <summary>A member of a change: left out, or given a value, which may be nothing (RFC 7396).</summary>
internal readonly record struct Given<T>(bool IsGiven, T Value)
{
    public static Given<T> Of(T value) => new(true, value);

    public T Or(T present) => IsGiven ? Value : present;
}
