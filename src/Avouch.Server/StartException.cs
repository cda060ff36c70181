namespace Avouch.Server;

/// <summary>The server refuses to start, or a command to run: one sentence of what is wrong and one of what to do.</summary>
internal sealed class StartException(string reason, string remedy) : Exception($"{reason} {remedy}")
{
    public string Reason { get; } = reason;

    public string Remedy { get; } = remedy;
}
