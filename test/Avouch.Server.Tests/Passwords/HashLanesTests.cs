using System.Collections.Concurrent;
using Avouch.Server.Passwords;

namespace Avouch.Server.Tests.Passwords;

public sealed class HashLanesTests
{
    private readonly ManualTime time = new();

    [Fact]
    public async Task No_more_run_at_once_than_there_are_lanes()
    {
        using HashLanes lanes = new(3, 1000, time);
        ConcurrentDictionary<Argon2Arena, string?> seen = new();
        int running = 0, most = 0;

        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Run(lanes, $"{i}", arena =>
        {
            int now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            new Argon2Case(new Argon2Parameters(1024, 1, 1), [1], new byte[16], [], [], 32).Derive(arena, Argon2Block.FastestPath);
            seen[arena] = Thread.CurrentThread.Name;
            return Interlocked.Decrement(ref running);
        })));

        Assert.InRange(most, 1, 3);
        Assert.InRange(seen.Count, 1, 3);
        Assert.All(seen.Values, name => Assert.StartsWith("hash lane ", name));
        Assert.Equal(60 * (1024 - 2), lanes.BlocksFilled);
    }

    [Fact]
    public async Task A_login_is_served_before_the_flood_of_another_address()
    {
        using HashLanes lanes = new(1, 100, time);
        using LaneGate gate = new(lanes);
        ConcurrentQueue<string> order = new();
        List<Task> all = [.. Enumerable.Range(1, 20).Select(i => Note("flood", $"flood {i}")), Note("somebody", "somebody")];

        gate.Open();
        await Task.WhenAll(all);

        Assert.Equal(["flood 1", "somebody", "flood 2"], order.Take(3));

        Task Note(string key, string name) => Run(lanes, key, _ => { order.Enqueue(name); return true; });
    }

    [Fact]
    public void One_address_cannot_fill_the_queue()
    {
        using HashLanes lanes = new(1, 8, time);
        using LaneGate gate = new(lanes);
        for (int i = 0; i < 2; i++) Assert.NotNull(lanes.TryRun("flood", _ => true, default, out _));
        Assert.Null(lanes.TryRun("flood", _ => true, default, out _));
        Assert.NotNull(lanes.TryRun("somebody", _ => true, default, out _));
    }

    [Fact]
    public void A_full_queue_says_when_to_come_back()
    {
        using HashLanes lanes = new(2, 4, time);
        using LaneGate gate = new(lanes);
        for (int i = 0; i < 4; i++) Assert.NotNull(lanes.TryRun($"{i}", _ => true, default, out _));
        Assert.Null(lanes.TryRun("late", _ => true, default, out var retryAfter));
        Assert.Equal(TimeSpan.FromSeconds(1), retryAfter);
        Assert.Equal(4, lanes.Queued);
    }

    [Fact]
    public async Task The_time_to_come_back_follows_the_length_of_the_queue_and_of_a_turn()
    {
        using HashLanes lanes = new(1, 4, time);
        for (int i = 0; i < 100; i++) await Run(lanes, "slow", _ => { time.Advance(TimeSpan.FromSeconds(10)); return true; });

        using LaneGate gate = new(lanes);
        for (int i = 0; i < 4; i++) Assert.NotNull(lanes.TryRun($"{i}", _ => true, default, out _));
        Assert.Null(lanes.TryRun("late", _ => true, default, out var retryAfter));
        Assert.Equal(TimeSpan.FromSeconds(40), retryAfter);
    }

    [Fact]
    public async Task A_client_that_goes_while_it_waits_costs_nothing_and_frees_its_place()
    {
        using HashLanes lanes = new(1, 4, time);
        using LaneGate gate = new(lanes);
        using CancellationTokenSource gone = new();
        bool hasRun = false;
        var abandoned = lanes.TryRun("gone", _ => hasRun = true, gone.Token, out _)!;
        var other = lanes.TryRun("other", _ => true, default, out _)!;

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        Assert.Equal(1, lanes.Queued);

        gate.Open();
        await other;
        Assert.False(hasRun);
    }

    [Fact]
    public async Task A_client_that_had_gone_already_never_runs()
    {
        using HashLanes lanes = new(1, 4, time);
        bool hasRun = false;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => lanes.TryRun("gone", _ => hasRun = true, new CancellationToken(canceled: true), out _)!);
        await Run(lanes, "other", _ => true);
        Assert.False(hasRun);
    }

    [Fact]
    public async Task A_turn_that_has_begun_is_finished_although_its_client_goes()
    {
        using HashLanes lanes = new(1, 4, time);
        using CancellationTokenSource gone = new();
        Assert.True(await lanes.TryRun("a", _ => { gone.Cancel(); return true; }, gone.Token, out _)!);
    }

    [Fact]
    public async Task A_fault_belongs_to_its_caller_and_the_lane_lives_on()
    {
        using HashLanes lanes = new(1, 4, time);
        await Assert.ThrowsAsync<InvalidDataException>(() => Run<bool>(lanes, "a", _ => throw new InvalidDataException()));
        Assert.True(await Run(lanes, "a", _ => true));
    }

    [Fact]
    public async Task Closing_finishes_what_waits_and_takes_nothing_new()
    {
        HashLanes lanes = new(2, 100, time);
        using LaneGate gate = new(lanes);
        Task<bool>[] waiting = [.. Enumerable.Range(0, 10).Select(i => lanes.TryRun($"{i}", _ => true, default, out _)!)];
        Task closing = Task.Run(lanes.Dispose);
        gate.Open();
        await closing.WaitAsync(LaneGate.Patience);
        Assert.All(waiting, task => Assert.True(task.IsCompletedSuccessfully));
        Assert.Null(lanes.TryRun("late", _ => true, default, out var retryAfter));
        Assert.Equal(TimeSpan.FromSeconds(1), retryAfter);
    }

    [Fact]
    public async Task An_idle_lane_gives_its_memory_back_and_hashes_again()
    {
        const int MiB = 1 << 20;
        using HashLanes lanes = new(1, 4, time, idle: TimeSpan.FromMilliseconds(20));
        Argon2Case costly = new(new Argon2Parameters(128 * 1024, 1, 1), [1], new byte[16], [], [], 32);
        (string first, long before) = await Run(lanes, "a", arena => (costly.Derive(arena, Argon2Block.FastestPath), Environment.WorkingSet));

        Assert.True(SpinWait.SpinUntil(() => before - Environment.WorkingSet > 100 * MiB, LaneGate.Patience));
        Assert.Equal(first, await Run(lanes, "a", arena => costly.Derive(arena, Argon2Block.FastestPath)));
    }

    private static Task<T> Run<T>(HashLanes lanes, string key, Func<Argon2Arena, T> work)
    {
        var turn = lanes.TryRun(key, work, CancellationToken.None, out _);
        Assert.NotNull(turn);
        return turn.WaitAsync(LaneGate.Patience);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (int seen = Volatile.Read(ref most); seen < value; seen = Volatile.Read(ref most))
            if (Interlocked.CompareExchange(ref most, value, seen) == seen) return;
    }

    private sealed class ManualTime : TimeProvider
    {
        private long ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref ticks);

        public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
    }
}
