namespace Avouch.Server.Tests.Model;

/// <summary>
/// Looks for an order of operations that overlap in time, in which a server that does one thing after the other gives exactly these answers
/// (linearizability, Herlihy and Wing 1990). There must be one for every session.
/// </summary>
internal sealed class Explanation(IReadOnlyList<Operation> operations)
{
    private readonly Operation[] operations = [.. operations.OrderBy(operation => operation.Start)];
    private readonly HashSet<(string Done, State State)> dead = [];
    private List<Operation> best = [];

    /// <param name="IsFresh">Whether the grace of the last rotation still runs.</param>
    private readonly record struct State(long Generation, bool IsEnded, bool IsFresh);

    /// <summary>The longest order that explains a beginning: what a failed test shows.</summary>
    public IReadOnlyList<Operation> Best => best;

    public bool Exists() => Search(new bool[operations.Length], 0, new State(1, IsEnded: false, IsFresh: false), []);

    private bool Search(bool[] done, int first, State state, List<Operation> order)
    {
        while (first < done.Length && done[first]) first++;
        if (order.Count > best.Count) best = [.. order];
        if (operations.Where((operation, i) => !done[i]).All(operation => operation.Seen == Seen.Nothing)) return true;
        if (!dead.Add((Key(done, first), state))) return false;
        foreach (var i in Candidates(done, first))
        {
            if (Next(state, operations[i]) is not { } next) continue;
            done[i] = true;
            order.Add(operations[i]);
            if (Search(done, first, next, order)) return true;
            order.RemoveAt(order.Count - 1);
            done[i] = false;
        }
        return false;
    }

    /// <summary>Those that began before any other one that is left was answered. What nobody saw the answer of is tried last.</summary>
    private IEnumerable<int> Candidates(bool[] done, int first)
    {
        var left = Enumerable.Range(first, done.Length - first).Where(i => !done[i]).ToList();
        var bound = left.Min(i => operations[i].End);
        return left.Where(i => operations[i].Start < bound).OrderBy(i => operations[i].Seen == Seen.Nothing);
    }

    /// <summary>The state after an operation, or nothing where the rules would have answered otherwise.</summary>
    private static State? Next(State state, Operation operation) => operation.Kind switch
    {
        OperationKind.GracePasses => state with { IsFresh = false },
        OperationKind.SignOut => state with { IsEnded = true },
        OperationKind.Check => Saw(operation, isGranted: !state.IsEnded) ? state : null,
        _ => Refresh(state, operation),
    };

    private static State? Refresh(State state, Operation operation)
    {
        if (state.IsEnded) return Saw(operation, isGranted: false) ? state : null;
        var isCurrent = operation.Presented == state.Generation;
        var isRepeat = operation.Presented == state.Generation - 1 && state.IsFresh;
        if (!isCurrent && !isRepeat) return Saw(operation, isGranted: false) ? state with { IsEnded = true } : null;
        var next = isCurrent ? new State(state.Generation + 1, IsEnded: false, IsFresh: true) : state;
        return Saw(operation, isGranted: true) && (operation.Given ?? next.Generation) == next.Generation ? next : null;
    }

    private static bool Saw(Operation operation, bool isGranted) =>
        operation.Seen == Seen.Nothing || operation.Seen == (isGranted ? Seen.Granted : Seen.Refused);

    private static string Key(bool[] done, int first) => $"{first} {string.Concat(done.Skip(first).Select(isDone => isDone ? '1' : '0'))}".TrimEnd('0');
}
