namespace Avouch.Server.Data;

/// <summary>How busy the writer is at one moment.</summary>
/// <param name="Waiting">Writes that wait for it.</param>
/// <param name="BusyFor">How long it has been at the transaction that it works on; nothing where it is idle.</param>
internal readonly record struct WriterLoad(int Waiting, TimeSpan? BusyFor);

/// <summary>One transaction of the writer after its end.</summary>
/// <param name="Writes">How many writes it committed.</param>
internal readonly record struct WrittenBatch(int Writes, TimeSpan Duration, bool IsLost);
