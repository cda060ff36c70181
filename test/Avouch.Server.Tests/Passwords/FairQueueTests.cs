using Avouch.Server.Passwords;

namespace Avouch.Server.Tests.Passwords;

public sealed class FairQueueTests
{
    [Fact]
    public void Keys_take_turns_and_each_is_first_come_first_served()
    {
        var queue = Fill(100, 100, "a1", "a2", "a3", "b1", "c1", "b2");
        Assert.Equal(["a1", "b1", "c1", "a2", "b2", "a3"], TakeAll(queue));
    }

    [Fact]
    public void A_newcomer_waits_for_at_most_one_entry_of_a_flood()
    {
        var queue = Fill(100, 100, "a1", "a2", "a3", "a4");
        Assert.True(queue.TryTake(out _));
        queue.Add("b", "b1");
        Assert.Equal(["a2", "b1", "a3", "a4"], TakeAll(queue));
    }

    [Fact]
    public void A_key_cannot_take_more_than_its_share()
    {
        var queue = Fill(8, 2, "a1", "a2");
        Assert.Null(queue.Add("a", "a3"));
        Assert.NotNull(queue.Add("b", "b1"));
        Assert.Equal(3, queue.Count);
    }

    [Fact]
    public void A_full_queue_takes_nobody()
    {
        var queue = Fill(3, 2, "a1", "b1", "c1");
        Assert.Null(queue.Add("d", "d1"));
        Assert.Equal(["a1", "b1", "c1"], TakeAll(queue));
    }

    [Fact]
    public void A_deleted_entry_frees_its_place_once()
    {
        var queue = Fill(3, 2, "a1", "b1");
        var place = queue.Add("a", "a2")!;
        Assert.True(queue.Delete("a", place));
        Assert.False(queue.Delete("a", place));
        Assert.NotNull(queue.Add("a", "a3"));
        Assert.Equal(["a1", "b1", "a3"], TakeAll(queue));
    }

    [Fact]
    public void The_last_entry_of_a_key_takes_the_key_along()
    {
        var queue = Fill(3, 2, "a1");
        Assert.True(queue.Delete("b", queue.Add("b", "b1")!));
        Assert.Equal(["a1"], TakeAll(queue));
    }

    [Fact]
    public void An_entry_that_was_taken_cannot_be_deleted()
    {
        FairQueue<string> queue = new(3, 3);
        var place = queue.Add("a", "a1")!;
        Assert.True(queue.TryTake(out _));
        Assert.False(queue.Delete("a", place));
        Assert.Equal(0, queue.Count);
    }

    private static FairQueue<string> Fill(int capacity, int capacityPerKey, params string[] items)
    {
        FairQueue<string> queue = new(capacity, capacityPerKey);
        foreach (string item in items) Assert.NotNull(queue.Add(item[..1], item));
        return queue;
    }

    private static List<string> TakeAll(FairQueue<string> queue)
    {
        List<string> taken = [];
        while (queue.TryTake(out string item)) taken.Add(item);
        Assert.Equal(0, queue.Count);
        return taken;
    }
}
