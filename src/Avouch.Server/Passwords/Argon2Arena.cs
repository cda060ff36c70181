using System.Runtime.InteropServices;

namespace Avouch.Server.Passwords;

/// <summary>
/// The memory of one hash lane: allocated once, outside the managed heap so that no collection moves or copies it, wiped after every hash.
/// Used by one thread at a time.
/// </summary>
internal sealed unsafe partial class Argon2Arena : IDisposable
{
    private const int WorkBlocks = 4;
    private const nuint Alignment = 2 << 20; // a huge page: far fewer page faults and TLB misses where the kernel grants them
    private const int AdviceDontNeed = 4;
    private const int AdviceHugePage = 14;

    private byte* memory;
    private int capacity;
    private int used;
    private bool isResident;

    /// <summary>Blocks compressed since the arena was made; the yield counts by it, and tests compare work by it.</summary>
    public long BlocksFilled { get; set; }

    public long ReservedBytes => memory is null ? 0 : (long)BytesOf(capacity);

    public ulong* Scratch => WorkBlock(0);
    public ulong* Addresses => WorkBlock(1);
    public ulong* AddressInput => WorkBlock(2);
    public ulong* Zero => WorkBlock(3);

    public ulong* Block(int index) => WorkBlock(WorkBlocks + index);

    public Span<byte> BlockBytes(int index) => new(Block(index), Argon2Block.Bytes);

    /// <summary>Makes room for <paramref name="blocks"/>, and lets go of an arena that one costly hash has blown up.</summary>
    public void Reserve(int blocks)
    {
        bool fits = blocks <= capacity && blocks >= capacity / 2;
        if (memory is null || !fits) Allocate(blocks);
        used = blocks;
        if (isResident) return;

        // The kernel hands out pages at the first write: take them in one sweep, not in the middle of a hash.
        NativeMemory.Clear(memory, BytesOf(capacity));
        isResident = true;
    }

    public void Wipe() => NativeMemory.Clear(memory, (nuint)(WorkBlocks + used) * Argon2Block.Bytes);

    /// <summary>Gives the pages back to the system; the next <see cref="Reserve"/> takes them again.</summary>
    public void GiveBack()
    {
        if (!isResident) return;

        // free() alone may keep what it is given: glibc raises its limits after the first large block.
        if (OperatingSystem.IsLinux()) _ = Advise(memory, BytesOf(capacity), AdviceDontNeed);
        else Dispose();
        isResident = false;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(memory);
        memory = null;
        isResident = false;
    }

    private void Allocate(int blocks)
    {
        Dispose();
        memory = (byte*)NativeMemory.AlignedAlloc(BytesOf(blocks), Alignment);
        capacity = blocks;
        if (OperatingSystem.IsLinux()) _ = Advise(memory, BytesOf(blocks), AdviceHugePage);
    }

    private ulong* WorkBlock(int index) => (ulong*)memory + (nint)index * Argon2Block.Words;

    // Whole huge pages, since advice is for pages and must not reach a neighbour's.
    private static nuint BytesOf(int blocks) => ((nuint)(WorkBlocks + blocks) * Argon2Block.Bytes + Alignment - 1) / Alignment * Alignment;

    // Both kinds are advice: a kernel that refuses costs time or memory, never correctness.
    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
