namespace Avouch.Server.Passwords;

/// <summary>One piece of work for a lane. The result is kept until the lane has written down what it did, and then answered.</summary>
internal abstract class HashTurn
{
    private CancellationTokenRegistration _goodbye;

    public abstract void Run(Argon2Arena arena);

    public abstract void Answer();

    public abstract void Cancel(CancellationToken cancellation);

    /// <summary>Calls <paramref name="abandon"/> when the client goes; if it says that the turn had not begun, the turn is cancelled.</summary>
    public void CancelWhenGone(Func<bool> abandon, CancellationToken cancellation) =>
        _goodbye = cancellation.UnsafeRegister((_, token) => { if (abandon()) Cancel(token); }, null);

    /// <summary>Once begun it runs to its end. Does not wait for a running callback, which may want the lanes' lock.</summary>
    public void Begin() => _goodbye.Unregister();
}

/// <inheritdoc/>
internal sealed class HashTurn<T>(Func<Argon2Arena, T> work) : HashTurn
{
    // Asynchronously, or the lane would serve the rest of the request.
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _fault;
    private T? _result;

    public Task<T> Task => _answer.Task;

    public override void Run(Argon2Arena arena)
    {
        try
        {
            _result = work(arena);
        }
#pragma warning disable CA1031 // whatever it is belongs to the caller; the lane must live on
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _fault = fault;
        }
    }

    public override void Answer()
    {
        if (_fault is null) _answer.SetResult(_result!);
        else _answer.SetException(_fault);
    }

    public override void Cancel(CancellationToken cancellation) => _answer.SetCanceled(cancellation);
}
