namespace Avouch.Server.Data;

/// <summary>One write: everything said to it is committed together, or not at all.</summary>
internal abstract class Transaction : Statements
{
    private List<Action>? afterCommit;

    /// <summary>
    /// Runs <paramref name="action"/> once, in commit order, after the commit and before the caller is answered; never after a
    /// rollback. Made for caches: short, no waiting. An action that throws fails its own caller, although the write is durable.
    /// </summary>
    public void AfterCommit(Action action) => (afterCommit ??= []).Add(action);

    /// <summary>Runs several statements without parameters, separated by semicolons: what a migration is made of.</summary>
    public abstract ValueTask ExecuteScript(string script);

    /// <summary>Called by the engine, once, when the commit has succeeded.</summary>
    public void Committed()
    {
        foreach (var action in afterCommit ?? [])
            action();
    }
}
