namespace Avouch.Server.Pages.Welcome;

/// <param name="Token">The secret of the link; nothing where it does not count.</param>
/// <param name="Email">What was typed before, as <paramref name="Name"/>.</param>
internal sealed record SetupModel(string? Token, string Email, string Name);
