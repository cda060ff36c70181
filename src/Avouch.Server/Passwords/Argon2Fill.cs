using System.Runtime.CompilerServices;

namespace Avouch.Server.Passwords;

/// <summary>How a hash shares its core. <see cref="YieldBlocks"/>: blocks between two yields, 0 for never.</summary>
internal readonly record struct Argon2Pace(int YieldBlocks, Argon2Path Path);

/// <summary>
/// Fills the memory in the order of RFC 9106 §3.2, steps 5 and 6: pass by pass, slice by slice. Inside a slice the lanes do not depend on each
/// other, so one thread fills them one after the other and gets what p threads would have got.
/// </summary>
internal readonly unsafe struct Argon2Fill(Argon2Parameters parameters, Argon2Arena arena, Argon2Pace pace)
{
    private readonly int segmentBlocks = parameters.SegmentBlocks;
    private readonly int laneBlocks = parameters.LaneBlocks;

    public void Run()
    {
        for (int pass = 0; pass < parameters.Iterations; pass++)
            for (int slice = 0; slice < Argon2Parameters.SlicesPerLane; slice++)
                for (int lane = 0; lane < parameters.Parallelism; lane++)
                    FillSegment(new Segment(pass, slice, lane));
    }

    private readonly record struct Segment(int Pass, int Slice, int Lane)
    {
        public bool IsFirst => Pass == 0 && Slice == 0;
    }

    // No tiering: a server's first logins must not run the slow first version of this loop.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillSegment(Segment segment)
    {
        bool isIndependent = IsDataIndependent(segment);
        bool addsToOld = segment.Pass > 0 && parameters.Version != Argon2Parameters.FirstVersion;
        int firstIndex = segment.IsFirst ? 2 : 0; // the first two blocks of each lane are there already
        int laneStart = segment.Lane * laneBlocks;
        int column = segment.Slice * segmentBlocks + firstIndex;
        ulong* previous = arena.Block(laneStart + (column == 0 ? laneBlocks : column) - 1);

        // Counted here and not in the arena: the arenas of two lanes may lie in one cache line, and a write for each block would make two
        // cores together no faster than one.
        long filled = arena.BlocksFilled;
        if (isIndependent) StartAddresses(segment);
        for (int index = firstIndex; index < segmentBlocks; index++, column++)
        {
            int slot = index % Argon2Block.Words;
            if (isIndependent && (slot == 0 || index == firstIndex)) NextAddresses();

            ulong* current = arena.Block(laneStart + column);
            ulong* reference = arena.Block(FindReference(segment, index, isIndependent ? arena.Addresses[slot] : *previous));
            Argon2Block.Compress(pace.Path, previous, reference, current, arena.Scratch, addsToOld);
            previous = current;
            if (IsTimeToYield(++filled)) Thread.Yield();
        }
        arena.BlocksFilled = filled;
    }

    // sched_yield: whoever waits for this core waits some dozens of microseconds, not the rest of a time slice.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsTimeToYield(long filled) => pace.YieldBlocks > 0 && filled % pace.YieldBlocks == 0;

    // RFC 9106 §3.4.1: Argon2id begins like Argon2i, against side channels, and goes on like Argon2d.
    private bool IsDataIndependent(Segment segment) => parameters.Type switch
    {
        Argon2Type.I => true,
        Argon2Type.Id => segment.Pass == 0 && segment.Slice < Argon2Parameters.SlicesPerLane / 2,
        _ => false,
    };

    // RFC 9106 §3.4.1.2, figure 9: what the addresses of a segment are made from. Word 6 counts the address blocks.
    private void StartAddresses(Segment segment)
    {
        ulong* input = arena.AddressInput;
        new Span<ulong>(input, Argon2Block.Words).Clear();
        new Span<ulong>(arena.Zero, Argon2Block.Words).Clear();
        input[0] = (ulong)segment.Pass;
        input[1] = (ulong)segment.Lane;
        input[2] = (ulong)segment.Slice;
        input[3] = (ulong)parameters.Blocks;
        input[4] = (ulong)parameters.Iterations;
        input[5] = (ulong)parameters.Type;
    }

    // G(0, G(0, input)).
    private void NextAddresses()
    {
        arena.AddressInput[6]++;
        Argon2Block.Compress(pace.Path, arena.Zero, arena.AddressInput, arena.Addresses, arena.Scratch, addsToOld: false);
        Argon2Block.Compress(pace.Path, arena.Zero, arena.Addresses, arena.Addresses, arena.Scratch, addsToOld: false);
    }

    // RFC 9106 §3.4.2: maps J1 (low half) and J2 (high half) to a block that is complete.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int FindReference(Segment segment, int index, ulong random)
    {
        int lane = segment.IsFirst ? segment.Lane : (int)((uint)(random >> 32) % (uint)parameters.Parallelism);
        int finished = segment.Pass == 0 ? segment.Slice * segmentBlocks : laneBlocks - segmentBlocks;
        int unavailable = lane == segment.Lane ? 1 - index : index == 0 ? 1 : 0; // all but the block just before, or none
        ulong area = (ulong)(finished - unavailable);

        ulong j1 = (uint)random;
        ulong distance = area * (j1 * j1 >> 32) >> 32; // squared: near blocks are chosen more often
        bool startsAtZero = segment.Pass == 0 || segment.Slice == Argon2Parameters.SlicesPerLane - 1;
        ulong start = startsAtZero ? 0 : (ulong)((segment.Slice + 1) * segmentBlocks);
        return lane * laneBlocks + (int)((start + area - 1 - distance) % (ulong)laneBlocks);
    }
}
