using Avouch.Server.Pages;
using Avouch.Server.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace Avouch.Server.Tests.Pages;

/// <summary>A form that is sent twice is done once, and memory does not grow.</summary>
public sealed class FormReceiptTests : IDisposable
{
    private readonly ManualTime time = new();
    private readonly FormReceipts receipts;
    private int done;

    public FormReceiptTests() => receipts = new FormReceipts(time);

    public void Dispose() => receipts.Dispose();

    [Fact]
    public async Task The_same_form_at_the_same_moment_is_done_once()
    {
        var gate = new TaskCompletionSource();
        var all = Enumerable.Range(0, 20).Select(_ => Send(gate: gate.Task)).ToList();

        gate.SetResult();
        var answers = await Task.WhenAll(all);

        Assert.Equal(1, done);
        Assert.All(answers, answer => Assert.Same(answers[0], answer));
    }

    [Fact]
    public async Task Other_content_another_path_another_visitor_is_done()
    {
        await Send();
        await Send();
        await Send(content: "other");
        await Send(path: "/elsewhere");
        await Send(token: "avf_of_somebody_else");
        await receipts.Run("/x", Form(("form", "avf_mine"), ("ab", "c")), Work());
        await receipts.Run("/x", Form(("form", "avf_mine"), ("a", "bc")), Work());
        await receipts.Run("/x", Form(("form", "avf_mine"), ("a", "b"), ("c", "")), Work());

        Assert.Equal(7, done);
    }

    [Fact]
    public async Task It_is_remembered_for_ten_seconds_after_the_answer_and_then_gone_from_memory()
    {
        var gate = new TaskCompletionSource();
        var slow = Send(gate: gate.Task);
        time.Advance(TimeSpan.FromMinutes(5));
        gate.SetResult();
        await slow;

        time.Advance(FormReceipts.Life - TimeSpan.FromSeconds(1));
        await Send();
        Assert.Equal((1, 1), (done, receipts.Held.Count));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((0, 0L), receipts.Held);   // nobody sent anything: the clock did it
        await Send();
        Assert.Equal(2, done);
    }

    [Fact]
    public async Task A_failure_is_not_remembered()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => receipts.Run("/x", Form(("form", "avf_mine")), () => throw new InvalidOperationException()));

        await receipts.Run("/x", Form(("form", "avf_mine")), Work());

        Assert.Equal((1, 1), (done, receipts.Held.Count));
    }

    [Fact]
    public async Task Whoever_waited_for_one_that_was_cancelled_does_it_themselves()
    {
        var gate = new TaskCompletionSource();
        var first = Send(gate: gate.Task);
        var second = Send();

        gate.SetCanceled(TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.NotNull(await second);
        Assert.Equal(1, done);
    }

    [Fact]
    public async Task What_can_be_given_only_once_is_made_for_each()
    {
        var gate = new TaskCompletionSource();
        Func<Task<FormAnswer>> work = async () =>
        {
            await gate.Task;
            done++;
            return new FormAnswer(Results.Bytes([1]), default);
        };
        var (first, second) = (receipts.Run("/x", Form(("form", "avf_mine")), work), receipts.Run("/x", Form(("form", "avf_mine")), work));

        gate.SetResult();

        Assert.NotSame(await first, await second);
        Assert.Equal((2, 0), (done, receipts.Held.Count));
    }

    [Fact]
    public async Task However_many_forms_are_sent_only_so_many_are_kept()
    {
        for (var number = 0; number < 2_000; number++) await Send(token: $"avf_{number}");
        Assert.Equal((FormReceipts.Capacity, 0L), receipts.Held);

        for (var number = 0; number < 2_000; number++)
            await receipts.Run("/x", Form(("form", $"avf_page{number}")), () => Task.FromResult(new FormAnswer(new RenderedPage(new string('x', 50_000), "en"), default)));
        Assert.InRange(receipts.Held.Bytes, 1, FormReceipts.MaxBytes);
        Assert.Equal(receipts.Held.Count * 100_000L, receipts.Held.Bytes);

        time.Advance(FormReceipts.Life);
        Assert.Equal((0, 0L), receipts.Held);
    }

    [Fact]
    public async Task One_page_that_is_larger_than_all_of_it_is_not_kept()
    {
        await receipts.Run("/x", Form(("form", "avf_mine")), () => Task.FromResult(new FormAnswer(new RenderedPage(new string('x', FormReceipts.MaxBytes), "en"), default)));

        Assert.Equal((0, 0L), receipts.Held);
    }

    private Task<FormAnswer> Send(string path = "/x", string token = "avf_mine", string content = "some", Task? gate = null) =>
        receipts.Run(path, Form(("form", token), ("content", content)), Work(gate));

    private Func<Task<FormAnswer>> Work(Task? gate = null) => async () =>
    {
        await (gate ?? Task.CompletedTask);
        Interlocked.Increment(ref done);
        return new FormAnswer(new PageRedirect("/"), default);
    };

    private static FormCollection Form(params (string Name, string Value)[] fields) =>
        new(fields.ToDictionary(field => field.Name, field => new Microsoft.Extensions.Primitives.StringValues(field.Value)));
}
