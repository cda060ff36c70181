namespace Avouch.Server.Tests.Model;

/// <summary>A checker that accepts everything would be worse than none: histories by hand, with and without an order that explains them.</summary>
public sealed class ExplanationTests
{
    [Fact]
    public void Two_at_once_may_both_get_the_one_next_generation() =>
        Assert.True(Explains(Refresh(1, 2, 1, 4), Refresh(1, 2, 2, 3), Refresh(2, 3, 5, 6)));

    [Fact]
    public void Two_at_once_may_not_get_two_generations() =>
        Assert.False(Explains(Refresh(1, 2, 1, 4), Refresh(1, 3, 2, 3)));

    [Fact]
    public void A_generation_never_goes_back() =>
        Assert.False(Explains(Refresh(1, 2, 1, 2), Refresh(2, 3, 3, 4), Refresh(1, 2, 5, 6)));

    [Fact]
    public void A_late_token_may_have_been_overtaken_and_then_ends_the_session() =>
        Assert.True(Explains(Refresh(1, null, 1, 6), Refresh(1, 2, 2, 3), Refresh(2, 3, 4, 5), Check(Seen.Refused, 7, 8)));

    [Fact]
    public void Nobody_is_signed_out_without_a_cause() =>
        Assert.False(Explains(Refresh(1, 2, 1, 2), Refresh(2, null, 3, 4)));

    [Fact]
    public void A_client_that_hung_up_may_be_the_cause_at_any_later_time() =>
        Assert.True(Explains(SignOut(1, long.MaxValue), Refresh(1, 2, 2, 3), Refresh(2, null, 4, 5)));

    [Fact]
    public void Nothing_is_accepted_after_an_answered_sign_out()
    {
        Assert.True(Explains(SignOut(1, 4), Check(Seen.Granted, 2, 5)));
        Assert.False(Explains(SignOut(1, 2), Check(Seen.Granted, 3, 4)));
        Assert.False(Explains(SignOut(1, 4), Check(Seen.Refused, 2, 3), Check(Seen.Granted, 5, 6)));
    }

    [Fact]
    public void A_repeat_counts_only_inside_the_grace()
    {
        var grace = new Operation { Worker = 0, Kind = OperationKind.GracePasses, Seen = Seen.Granted, Start = 3, End = 4 };
        Assert.False(Explains(Refresh(1, 2, 1, 2), grace, Refresh(1, 2, 5, 6)));
        Assert.True(Explains(Refresh(1, 2, 1, 2), grace, Refresh(1, null, 5, 6)));
    }

    private static bool Explains(params Operation[] operations) => new Explanation(operations).Exists();

    /// <param name="given">Null where it was refused.</param>
    private static Operation Refresh(long presented, long? given, long start, long end) => new()
    {
        Worker = 0,
        Kind = OperationKind.Refresh,
        Presented = presented,
        Given = given,
        Seen = given is null ? Seen.Refused : Seen.Granted,
        Start = start,
        End = end,
    };

    private static Operation Check(Seen seen, long start, long end) => new() { Worker = 0, Kind = OperationKind.Check, Seen = seen, Start = start, End = end };

    private static Operation SignOut(long start, long end) =>
        new() { Worker = 0, Kind = OperationKind.SignOut, Seen = end == long.MaxValue ? Seen.Nothing : Seen.Granted, Start = start, End = end };
}
