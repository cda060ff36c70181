using System.Runtime.InteropServices;
using Avouch.Server.Passwords;
using BenchmarkDotNet.Attributes;

namespace Avouch.Benchmarks;

/// <summary>One password hash at the server's default cost, beside the reference implementation of the distribution (libargon2-1).</summary>
public partial class Argon2Benchmark : IDisposable
{
    private const int MemoryKiB = 19_456;
    private const int Iterations = 2;

    private readonly Argon2Arena arena = new();
    private readonly byte[] password = "correct horse battery staple"u8.ToArray();
    private readonly byte[] salt = new byte[16];
    private readonly byte[] tag = new byte[32];

    [Benchmark(Baseline = true)]
    public int Libargon2() =>
        HashRaw(Iterations, MemoryKiB, 1, password, (nuint)password.Length, salt, (nuint)salt.Length, tag, (nuint)tag.Length);

    [Benchmark]
    public void Managed() => Derive(Argon2Block.FastestPath, yieldBlocks: 0);

    [Benchmark]
    public void Managed_yielding_every_256_blocks() => Derive(Argon2Block.FastestPath, yieldBlocks: 256);

    [Benchmark]
    public void Managed_128_bit() => Derive(Argon2Path.Vector128, yieldBlocks: 0);

    public void Dispose()
    {
        arena.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Derive(Argon2Path path, int yieldBlocks) =>
        Argon2.Derive(new(MemoryKiB, Iterations, 1), new(password, salt), tag, arena, new(yieldBlocks, path));

    [LibraryImport("libargon2.so.1", EntryPoint = "argon2id_hash_raw")]
    private static partial int HashRaw(
        uint iterations, uint memoryKiB, uint parallelism,
        byte[] password, nuint passwordBytes, byte[] salt, nuint saltBytes, byte[] tag, nuint tagBytes);
}
