using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Model;

/// <summary>What one client asked of a session and what it saw of the answer. <c>Start</c> and <c>End</c> are places in one common order.</summary>
internal sealed class Operation
{
    public required int Worker { get; init; }
    public required OperationKind Kind { get; init; }

    /// <summary>The generation that was presented.</summary>
    public long Presented { get; init; }

    public long Start { get; init; }

    /// <summary>For ever where the client hung up: the server may have done it, may do it later, or never.</summary>
    public long End { get; set; } = long.MaxValue;

    public Seen Seen { get; set; }

    /// <summary>The generation that was given out; null where the answer was thrown away unread.</summary>
    public long? Given { get; set; }

    public override string ToString() =>
        $"worker {Worker}: {Kind} {(Kind == OperationKind.Refresh ? Presented : "")} → {Seen} {Given}  [{Start}, {(End == long.MaxValue ? "…" : End)}]";
}

internal enum OperationKind
{
    Refresh,
    Check,
    SignOut,

    /// <summary>The clock passes the grace, while nobody asks anything.</summary>
    GracePasses,
}

internal enum Seen
{
    Nothing,
    Granted,
    Refused,
}

/// <summary>Everything that was asked of one session, and its tokens by generation: each generation has one text only.</summary>
internal sealed class SessionLog(Guid id, Tokens first)
{
    private readonly Lock gate = new();
    private readonly List<Operation> operations = [];
    private readonly SortedList<long, string> refreshTokens = new() { [1] = first.RefreshToken };
    private readonly List<string> accessTokens = [first.AccessToken];

    public Guid Id => id;

    /// <summary>Somebody saw a refusal: its clients sign in again.</summary>
    public bool IsOver { get; set; }

    public IReadOnlyList<Operation> Operations => operations;

    public void Add(Operation operation)
    {
        lock (gate) operations.Add(operation);
    }

    public void Keep(long generation, Tokens given)
    {
        lock (gate)
        {
            accessTokens.Add(given.AccessToken);
            if (!refreshTokens.TryAdd(generation, given.RefreshToken)) Assert.Equal(refreshTokens[generation], given.RefreshToken);
        }
    }

    /// <summary>A refresh token as far back from the newest known one, as there is one.</summary>
    public (long Generation, string Text) RefreshToken(int back)
    {
        lock (gate)
        {
            var at = Math.Max(0, refreshTokens.Count - 1 - back);
            return (refreshTokens.GetKeyAtIndex(at), refreshTokens.GetValueAtIndex(at));
        }
    }

    public string AccessToken(Random random)
    {
        lock (gate) return accessTokens[random.Next(accessTokens.Count)];
    }
}
