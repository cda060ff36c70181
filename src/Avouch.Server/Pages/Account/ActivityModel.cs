namespace Avouch.Server.Pages.Account;

/// <param name="Before">Where the next page begins, which is older; nothing on the last.</param>
internal sealed record ActivityModel(IReadOnlyList<ActivityLine> Lines, long? Before, bool IsFirst);

/// <param name="Address">From where; nothing where somebody else did it.</param>
/// <param name="Agent">The device, if the row is about one and that is still remembered.</param>
internal sealed record ActivityLine(DateTimeOffset At, string Words, string? Address, Agent? Agent);
