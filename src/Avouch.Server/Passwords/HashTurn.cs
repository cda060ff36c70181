namespace Avouch.Server.Passwords;

/// <summary>One piece of work for a lane. The result is kept until the lane has written down what it did, and then answered.</summary>
internal abstract class HashTurn
{
    private CancellationTokenRegistration goodbye;

    public abstract void Run(Argon2Arena arena);

    public abstract void Answer();

    public abstract void Cancel(CancellationToken cancellation);

    /// <summary>Calls <paramref name="abandon"/> when the client goes; if it says that the turn had not begun, the turn is cancelled.</summary>
    public void CancelWhenGone(Func<bool> abandon, CancellationToken cancellation) =>
        goodbye = cancellation.UnsafeRegister((_, token) => { if (abandon()) Cancel(token); }, null);

    /// <summary>Once begun it runs to its end. Does not wait for a running callback, which may want the lanes' lock.</summary>
    public void Begin() => goodbye.Unregister();
}

/// <inheritdoc/>
internal sealed class HashTurn<T>(Func<Argon2Arena, T> work) : HashTurn
{
    // Asynchronously, or the lane would serve the rest of the request.
    private readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? fault;
    private T? result;

    public Task<T> Task => answer.Task;

    public override void Run(Argon2Arena arena)
    {
        try
        {
            result = work(arena);
        }
#pragma warning disable CA1031 // whatever it is belongs to the caller; the lane must live on
        catch (Exception fault)
#pragma warning restore CA1031
        {
            this.fault = fault;
        }
    }

    public override void Answer()
    {
        if (fault is null) answer.SetResult(result!);
        else answer.SetException(fault);
    }

    public override void Cancel(CancellationToken cancellation) => answer.SetCanceled(cancellation);
}
