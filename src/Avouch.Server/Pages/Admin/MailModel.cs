using Avouch.Server.Mail;

namespace Avouch.Server.Pages.Admin;

/// <summary>Mail in one state, the newest first; never what it says.</summary>
/// <param name="Before">For the next page, which is older; nothing on the last.</param>
internal sealed record MailModel(string State, IReadOnlyList<OutboxLetter> Letters, Guid? Before, OutboxState Totals)
{
    public IReadOnlyDictionary<Guid, string> Names { get; init; } = new Dictionary<Guid, string>();
}

/// <summary>What is asked before mail is sent once more.</summary>
/// <param name="Letter">Nothing where it is all that was given up.</param>
/// <param name="Dead">How many were given up.</param>
internal sealed record RetryMailModel(OutboxLetter? Letter, long Dead);
