using Avouch.Server.Passwords;

namespace Avouch.Server.Tests.Passwords;

public sealed class Argon2ArenaTests : IDisposable
{
    private const int MiB = 1 << 20;
    private readonly Argon2Arena arena = new();

    public void Dispose() => arena.Dispose();

    [Fact]
    public unsafe void Nothing_is_left_after_a_hash()
    {
        Derive(memoryKiB: 4096);
        Assert.Equal(-1, arena.BlockBytes(0).IndexOfAnyExcept((byte)0));
        Assert.Equal(-1, new Span<byte>(arena.Scratch, (4 + 4096) * Argon2Block.Bytes).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void Every_block_of_every_pass_is_counted()
    {
        Derive(memoryKiB: 1024, iterations: 3);
        Assert.Equal(3 * 1024 - 2, arena.BlocksFilled); // the first two of the lane come from the seed
    }

    [Fact]
    public void The_same_memory_serves_the_next_hash()
    {
        Derive(memoryKiB: 4096);
        long reserved = arena.ReservedBytes;
        Derive(memoryKiB: 4000);
        Assert.Equal(reserved, arena.ReservedBytes);
    }

    [Fact]
    public void One_costly_hash_does_not_keep_its_memory()
    {
        Derive(memoryKiB: 64 * 1024);
        Derive(memoryKiB: 4096);
        Assert.InRange(arena.ReservedBytes, 4 * MiB, 6 * MiB);
    }

    [Fact]
    public void An_arena_that_was_given_back_hashes_as_before()
    {
        string before = Derive(memoryKiB: 4096);
        arena.GiveBack();
        Assert.Equal(before, Derive(memoryKiB: 4096));
    }

    [Fact]
    public void An_idle_arena_gives_its_pages_back_to_the_system()
    {
        Derive(memoryKiB: 128 * 1024);
        long before = Environment.WorkingSet;
        arena.GiveBack();
        Assert.True(before - Environment.WorkingSet > 100 * MiB, $"Only {(before - Environment.WorkingSet) / MiB} of 128 MiB came back.");
    }

    private string Derive(int memoryKiB, int iterations = 1) =>
        new Argon2Case(new Argon2Parameters(memoryKiB, iterations, 1), [1], new byte[16], [], [], 32).Derive(arena, Argon2Block.FastestPath);
}
