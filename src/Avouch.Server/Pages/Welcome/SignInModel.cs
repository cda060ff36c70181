namespace Avouch.Server.Pages.Welcome;

/// <param name="Name">What was typed before.</param>
internal sealed record SignInModel(string? Name);
