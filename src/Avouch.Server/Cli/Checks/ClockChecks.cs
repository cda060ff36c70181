namespace Avouch.Server.Cli.Checks;

/// <summary>Whether the wall clock goes as fast as the monotonic one.</summary>
internal static class ClockChecks
{
    public const string Area = "clock";
    public const string Remedy = "Let the machine keep its time: timedatectl set-ntp true.";

    /// <summary>What nodes may differ by (design: two seconds).</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Watch = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Jump = TimeSpan.FromMilliseconds(100);

    public static async Task<Finding> Find(TimeProvider time, CancellationToken stop)
    {
        var (began, wall) = (time.GetTimestamp(), time.GetUtcNow());
        await Task.Delay(Watch, time, stop);
        var drift = time.GetUtcNow() - wall - time.GetElapsedTime(began);
        return drift.Duration() > Jump
            ? Finding.Warning(Area, $"it jumped by {drift.TotalMilliseconds:0} ms while it was watched.", Remedy)
            : Finding.Ok(Area, "goes evenly");
    }
}
