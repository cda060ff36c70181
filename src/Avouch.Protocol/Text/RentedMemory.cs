using System.Buffers;

namespace Avouch.Protocol;

/// <summary>Pooled bytes for the length of a <c>using</c>.</summary>
internal readonly ref struct RentedMemory(int length)
{
    private readonly byte[] rented = ArrayPool<byte>.Shared.Rent(length);

    public Span<byte> Span => rented;

    public void Dispose() => ArrayPool<byte>.Shared.Return(rented);
}
