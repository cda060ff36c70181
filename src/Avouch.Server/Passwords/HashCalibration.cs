namespace Avouch.Server.Passwords;

/// <summary>What one choice of Argon2id's cost takes on this machine.</summary>
/// <param name="Alone">One hash while nothing else runs.</param>
/// <param name="PerSecond">Hashes a second with every lane busy: the most sign-ins that there can be.</param>
internal readonly record struct HashMeasurement(Argon2Parameters Parameters, TimeSpan Alone, double PerSecond);

/// <summary>Measures password hashes on the lanes that sign-ins use, from OWASP's least memory to the most that we allow.</summary>
internal static class HashCalibration
{
    private const int RunsAlone = 3;
    private const int HashesPerLane = 2;

    /// <summary>OWASP's equally strong rows for Argon2id (password storage cheat sheet), then stronger ones; each takes at least the work of the one before.</summary>
    public static readonly (int MemoryKiB, int Iterations)[] Choices =
        [(7_168, 5), (9_216, 4), (12_288, 3), (19_456, 2), (47_104, 1), (32_768, 2), (65_536, 2), (65_536, 3), (131_072, 2), (131_072, 3), (131_072, 4)];

    public static async Task<HashMeasurement> Measure(PasswordHashSettings settings, TimeProvider time, CancellationToken stop)
    {
        using var hasher = new PasswordHasher(settings with { QueueCapacity = 4 * HashesPerLane * settings.Lanes }, time);
        await Hash(hasher, 0, stop);   // the first one fetches its memory
        var alone = TimeSpan.MaxValue;
        for (var run = 0; run < RunsAlone; run++)
        {
            var began = time.GetTimestamp();
            await Hash(hasher, run, stop);
            if (time.GetElapsedTime(began) is var elapsed && elapsed < alone) alone = elapsed;
        }
        var count = HashesPerLane * settings.Lanes;
        var start = time.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, count).Select(customer => Hash(hasher, customer, stop)));
        return new HashMeasurement(settings.Parameters, alone, count / time.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>
    /// The most work that stays within a time. OWASP's rows of less memory count as equal to the default, so the default is the least that is
    /// recommended, however slow the machine.
    /// </summary>
    public static HashMeasurement Recommend(IReadOnlyList<HashMeasurement> measured, TimeSpan longest)
    {
        var fallback = new PasswordHashSettings();
        var strong = measured.Where(one => one.Parameters.MemoryKiB >= fallback.MemoryKiB && Work(one) >= (long)fallback.MemoryKiB * fallback.Iterations).ToList();
        var fitting = strong.Where(one => one.Alone <= longest).ToList();
        return fitting.Count > 0 ? fitting.MaxBy(one => (Work(one), one.Parameters.MemoryKiB)) : (strong.Count > 0 ? strong : measured).MinBy(one => one.Alone);
    }

    private static long Work(HashMeasurement one) => (long)one.Parameters.MemoryKiB * one.Parameters.Iterations;

    private static async Task Hash(PasswordHasher hasher, int customer, CancellationToken stop) =>
        await hasher.Hash("calibration", customer.ToString(System.Globalization.CultureInfo.InvariantCulture), stop);
}
