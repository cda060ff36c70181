using System.Diagnostics;
using System.Runtime.InteropServices;
using Avouch.Server.Passwords;

namespace Avouch.Load;

/// <summary>One password hash at the default cost, ours and that of the distribution (libargon2-1, which Debian's argon2 runs on).</summary>
internal static partial class HashTime
{
    private const double Goal = 0.6;

    private static readonly Argon2Parameters Cost = new PasswordHashSettings().Parameters;
    private static readonly byte[] Password = "correct horse 42"u8.ToArray();
    private static readonly byte[] Salt = new byte[16];

    /// <summary>Median milliseconds of a hash that never yields, on the calling thread.</summary>
    public static double Ours(int repetitions)
    {
        using var arena = new Argon2Arena();
        var tag = new byte[32];
        Derive();
        return Time(repetitions, Derive);

        void Derive() => Argon2.Derive(Cost, new Argon2Input(Password, Salt), tag, arena, new Argon2Pace(0, Argon2Block.FastestPath));
    }

    /// <summary>Hashes per second when every core hashes: less than cores ÷ time of one, where cores share caches, memory or a physical core.</summary>
    public static double RateOfAllCores(int repetitions)
    {
        var began = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() => Ours(repetitions))).ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());
        return threads.Count * (repetitions + 1) / Stopwatch.GetElapsedTime(began).TotalSeconds;   // one more each to warm up
    }

    public static async Task Run(Stage stage)
    {
        var (ours, theirs) = (new Median(), new Median());
        await stage.Alternate("argon2", () => Pinned("--hash-ours", ours), () => Pinned("--hash-debian", theirs));
        var ratio = ours.Value / theirs.Value;
        stage.Goal("Argon2id against Debian's, the same core", "≤ 0.60", Stage.Show(ratio), ratio <= Goal,
            $"{ours.Value:0.00} ms ({ours.Range("0.00")}) against {theirs.Value:0.00} ms ({theirs.Range("0.00")}); m={Cost.MemoryKiB}, t={Cost.Iterations}, p={Cost.Parallelism}");
    }

    /// <summary>A process of its own on the first core, since a thread of this one cannot be held on a core.</summary>
    private static async Task Pinned(string which, Median times) => times.Add(double.Parse(
        await Command.Output("taskset", ["-c", "0", Environment.ProcessPath!, which]), System.Globalization.CultureInfo.InvariantCulture));

    public static double Debian(int repetitions)
    {
        var tag = new byte[32];
        Derive();
        return Time(repetitions, Derive);

        void Derive()
        {
            var code = HashRaw((uint)Cost.Iterations, (uint)Cost.MemoryKiB, (uint)Cost.Parallelism,
                Password, (nuint)Password.Length, Salt, (nuint)Salt.Length, tag, (nuint)tag.Length);
            if (code != 0) throw new InvalidOperationException($"libargon2 refused: {code}");
        }
    }

    private static double Time(int repetitions, Action hash)
    {
        var times = new Median();
        for (var i = 0; i < repetitions; i++)
        {
            var began = Stopwatch.GetTimestamp();
            hash();
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        return times.Value;
    }

    [LibraryImport("libargon2.so.1", EntryPoint = "argon2id_hash_raw")]
    private static partial int HashRaw(
        uint iterations, uint memoryKiB, uint parallelism,
        byte[] password, nuint passwordBytes, byte[] salt, nuint saltBytes, byte[] tag, nuint tagBytes);
}
