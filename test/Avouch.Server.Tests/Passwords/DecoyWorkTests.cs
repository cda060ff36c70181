using System.Runtime.InteropServices;
using System.Text;
using Avouch.Server.Passwords;

namespace Avouch.Server.Tests.Passwords;

/// <summary>
/// Decoys really work: measured by the processor time of the thread. Other work on the machine lengthens it all the same where both want the memory,
/// so no other test runs meanwhile.
/// </summary>
[Collection(nameof(Alone))]
public sealed partial class DecoyWorkTests
{
    private const int ThreadCpuTime = 3; // CLOCK_THREAD_CPUTIME_ID
    private const int Runs = 15;

    [Theory]
    [InlineData("bcrypt 3", "$2b$10$"), InlineData("better-auth", ""), InlineData("passlib", "$scrypt$"), InlineData("argon2-cffi", "$argon2i$")]
    [InlineData("passlib", "$pbkdf2$"), InlineData("Django 3", "pbkdf2_sha256$"), InlineData("passlib", "$pbkdf2-sha512$")]
    public void A_decoy_takes_as_long_as_the_hash_that_it_stands_for(string by, string start)
    {
        if (!OperatingSystem.IsLinux()) return; // other systems have other clocks
        using HashBenches benches = new();
        string text = ForeignSample.Of(by, start).Hash;
        var work = ForeignHash.Parse(text).Hash!.Work;
        long verifying = long.MaxValue, decoy = long.MaxValue;
        for (int run = 0; run < Runs; run++)
        {
            verifying = Math.Min(verifying, Measure(() => benches.Matches("a wrong password", text)));
            decoy = Math.Min(decoy, Measure(() => Decoy(work, benches)));
        }
        Assert.InRange((double)decoy / verifying, 0.5, 2);
    }

    private static bool Decoy(HashWork work, HashBenches benches)
    {
        DecoyWork.Do(work, new TypedPassword("a wrong password", Encoding.UTF8.GetBytes("a wrong password")), new PasswordHashSettings().Parameters, benches.Bench);
        return false;
    }

    private static long Measure(Func<bool> work)
    {
        Assert.Equal(0, Read(ThreadCpuTime, out var before));
        Assert.False(work());
        Assert.Equal(0, Read(ThreadCpuTime, out var after));
        return (after.Seconds - before.Seconds) * 1_000_000_000 + after.Nanoseconds - before.Nanoseconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Moment
    {
        public nint Seconds;
        public nint Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Read(int clock, out Moment moment);
}

/// <summary>Tests that measure, and want the machine for themselves.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
