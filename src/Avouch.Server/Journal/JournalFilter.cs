namespace Avouch.Server.Journal;

/// <summary>Which rows of the journal somebody wants to see; what is left out lets everything through.</summary>
/// <param name="Kind">A kind, or the family before its dot: <c>session</c> for <c>session.started</c> and <c>session.ended</c>.</param>
internal sealed record JournalFilter(Guid? UserId, string? Kind, DateTimeOffset? Since)
{
    public bool Lets(JournalEntry entry) =>
        (UserId is null || entry.UserId == UserId)
        && (Kind is null || entry.Kind == Kind || entry.Kind.StartsWith(Kind + ".", StringComparison.Ordinal))
        && (Since is null || entry.At >= Since);
}
