using Avouch.Server.Data;

namespace Avouch.Server.Cli;

/// <summary>Waits for a data folder that a command holds: most of them are done in a moment. A server holds it for good, so nobody waits for one.</summary>
internal static class FolderTurn
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <exception cref="FolderInUseException">It is a server, or the command is not done in time.</exception>
    /// <exception cref="OperationCanceledException">The person did not want to wait.</exception>
    public static async Task<T> Await<T>(Func<Task<T>> open, TimeProvider time, CancellationToken stop)
    {
        for (var begin = time.GetTimestamp(); ; await Task.Delay(Pause, time, stop))
        {
            try
            {
                return await open();
            }
            catch (FolderInUseException inUse) when (inUse.MayEndSoon && time.GetElapsedTime(begin) < Patience)
            {
                stop.ThrowIfCancellationRequested();
            }
        }
    }

    /// <inheritdoc cref="Await{T}(Func{Task{T}}, TimeProvider, CancellationToken)"/>
    public static Task<DataFolder> Await(Func<DataFolder> open, TimeProvider time, CancellationToken stop) => Await(() => Task.FromResult(open()), time, stop);
}
