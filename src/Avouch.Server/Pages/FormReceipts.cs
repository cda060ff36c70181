using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Avouch.Server.Pages;

/// <summary>
/// A form that is sent twice is done once: a double click, or a second press while the answer is slow, gets the answer of the first. Held in memory for
/// a few seconds, since there is personal data in it, and only so much at once; what is forgotten is simply done again.
/// </summary>
internal sealed class FormReceipts : IDisposable
{
    public const int Capacity = 256;

    /// <summary>Of all answers that are held.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Counted from the answer: however slow it was, the second press of the same moment comes before it or soon after.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(10);

    private readonly TimeProvider time;
    private readonly ITimer timer;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Receipt> receipts = [];
    private long bytes;
    private long number;

    private sealed class Receipt(Task<FormAnswer> answer, long number)
    {
        public Task<FormAnswer> Answer => answer;

        public long Number => number;

        /// <summary>Never, while it is being done.</summary>
        public DateTimeOffset Until { get; set; } = DateTimeOffset.MaxValue;

        public int Bytes { get; set; }
    }

    public FormReceipts(TimeProvider time)
    {
        this.time = time;
        timer = time.CreateTimer(static receipts => ((FormReceipts)receipts!).Forget(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many are held, and what their answers weigh.</summary>
    public (int Count, long Bytes) Held
    {
        get
        {
            lock (gate) return (receipts.Count, bytes);
        }
    }

    /// <summary>Does it, or waits for the one who does.</summary>
    /// <param name="path">Where the form was sent to.</param>
    /// <param name="form">Its own token is in it, which was given to one visitor: so nobody gets the answer of somebody else.</param>
    /// <param name="keepsRefusal">Whether a refusal is an answer to the second too. A form that holds nothing of its own is the same one when it is tried again.</param>
    public async Task<FormAnswer> Run(string path, IFormCollection form, Func<Task<FormAnswer>> work, bool keepsRefusal = true)
    {
        var key = KeyOf(path, form);
        TaskCompletionSource<FormAnswer> mine = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (FindOrAdd(key, mine.Task) is not { } receipt) return await Do(key, mine, work, keepsRefusal);
        try
        {
            var answer = await receipt.Answer;
            if (answer.Bytes is not null) return answer;
        }
        catch (OperationCanceledException)
        {
            // The browser hung up on the first to send the second, and the first noticed.
        }
        return await work();
    }

    public void Dispose() => timer.Dispose();

    private Receipt? FindOrAdd(string key, Task<FormAnswer> mine)
    {
        lock (gate)
        {
            if (receipts.TryGetValue(key, out var receipt) && receipt.Until > time.GetUtcNow()) return receipt;
            Remove(key);
            receipts.Add(key, new Receipt(mine, number++));
            while (receipts.Count > Capacity) RemoveOldest();
            return null;
        }
    }

    private async Task<FormAnswer> Do(string key, TaskCompletionSource<FormAnswer> mine, Func<Task<FormAnswer>> work, bool keepsRefusal)
    {
        try
        {
            var answer = await work();
            Keep(key, mine.Task, !keepsRefusal && answer.Result is RenderedPage { Refusal: not null } ? null : answer.Bytes);
            mine.SetResult(answer);
            return answer;
        }
        catch (Exception failure)
        {
            Keep(key, mine.Task, bytes: null);   // whoever tries again is not answered with this
            mine.SetException(failure);
            _ = mine.Task.Exception;   // it is thrown here; whoever waits for it sees it too
            throw;
        }
    }

    private void Keep(string key, Task<FormAnswer> mine, int? bytes)
    {
        lock (gate)
        {
            if (!receipts.TryGetValue(key, out var receipt) || receipt.Answer != mine) return;   // forgotten meanwhile
            if (bytes is null) Remove(key);
            if (bytes is not { } weight) return;
            (receipt.Bytes, receipt.Until) = (weight, time.GetUtcNow() + Life);
            this.bytes += weight;
            while (this.bytes > MaxBytes) RemoveOldest();
            timer.Change(Life, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>What is too old leaves memory also when nobody sends a form any more.</summary>
    private void Forget()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            foreach (var (key, receipt) in receipts)
                if (receipt.Until <= now) Remove(key);
        }
    }

    private void RemoveOldest() => Remove(receipts.MinBy(receipt => receipt.Value.Number).Key);

    private void Remove(string key)
    {
        if (receipts.Remove(key, out var receipt)) bytes -= receipt.Bytes;
    }

    /// <summary>The same form with the same content. The content is not kept, only its hash: there are passwords in it.</summary>
    private static string KeyOf(string path, IFormCollection form)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, path);
        foreach (var field in form.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            Append(hash, field.Key);
            Append(hash, field.Value.ToString());
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes(bytes.Length));
        hash.AppendData(bytes);
    }
}

/// <summary>The answer to a form with the cookies that came with it.</summary>
internal sealed record FormAnswer(IResult Result, StringValues Cookies)
{
    /// <summary>What it weighs in memory; nothing where it can be given only once, as a file can.</summary>
    public int? Bytes => Result switch
    {
        RenderedPage page => page.Html.Length * sizeof(char),
        PageRedirect => 0,
        _ => null,
    };
}
