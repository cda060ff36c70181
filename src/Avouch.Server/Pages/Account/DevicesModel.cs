namespace Avouch.Server.Pages.Account;

/// <param name="Devices">The one that asks is the first.</param>
internal sealed record DevicesModel(IReadOnlyList<DeviceLine> Devices);

/// <param name="Place">Roughly where, if that is known.</param>
internal sealed record DeviceLine(Guid Session, bool IsThis, Agent Agent, string? Address, string? Place, DateTimeOffset LastUsed, DateTimeOffset Began);
