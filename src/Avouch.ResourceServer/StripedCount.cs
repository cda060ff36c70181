namespace Avouch.ResourceServer;

/// <summary>A counter that every request raises: each processor has a cell of its own, so that they do not wait for one another.</summary>
internal sealed class StripedCount
{
    /// <summary>Two cache lines of 64 bytes, since processors fetch them in pairs.</summary>
    private const int Stride = 16;

    private static readonly int Cells = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, 64));

    private readonly long[] cells = new long[(Cells + 1) * Stride];

    public long Value
    {
        get
        {
            var sum = 0L;
            for (var cell = 1; cell <= Cells; cell++) sum += Volatile.Read(ref cells[cell * Stride]);
            return sum;
        }
    }

    public void Add() => Interlocked.Increment(ref cells[((Thread.GetCurrentProcessorId() & (Cells - 1)) + 1) * Stride]);
}
