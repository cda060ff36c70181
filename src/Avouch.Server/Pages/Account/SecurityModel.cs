using Avouch.Server.Users;

namespace Avouch.Server.Pages.Account;

internal sealed record SecurityModel
{
    /// <summary>The change of address that waits for its link.</summary>
    public PendingProof? Pending { get; init; }

    /// <summary>What was typed before.</summary>
    public string? NewEmail { get; init; }

    public bool KeepsSessions { get; init; }

    /// <summary>Whether the form for the password was sent.</summary>
    public bool IsAboutPassword { get; init; }
}
