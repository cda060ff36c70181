using Avouch.Server.Passwords;

namespace Avouch.Server.Tests.Passwords;

/// <summary>Holds every lane still, so that what waits behind it waits for the test and not for the clock.</summary>
internal sealed class LaneGate : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualResetEventSlim isOpen = new();

    public LaneGate(HashLanes lanes)
    {
        using CountdownEvent inside = new(lanes.Count);
        for (int i = 0; i < lanes.Count; i++) Assert.NotNull(lanes.TryRun($"gate {i}", Hold, CancellationToken.None, out _));
        Assert.True(inside.Wait(Patience));

        bool Hold(Argon2Arena arena)
        {
            inside.Signal();
            return isOpen.Wait(Patience);
        }
    }

    public void Open() => isOpen.Set();

    public void Dispose() => Open();
}
