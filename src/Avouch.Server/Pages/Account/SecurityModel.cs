namespace Avouch.Server.Pages.Account;

internal sealed record SecurityModel
{
    /// <summary>What was typed before.</summary>
    public string? NewEmail { get; init; }

    public bool KeepsSessions { get; init; }

    /// <summary>Whether the form for the password was sent.</summary>
    public bool IsAboutPassword { get; init; }
}
