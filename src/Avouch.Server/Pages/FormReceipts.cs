using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Avouch.Server.Pages;

/// <summary>
/// A form that is sent twice is done once: a double click, or a second press while the answer is slow, gets the answer of the first. Held in memory for
/// a few seconds, and only so many at once; what is forgotten is simply done again.
/// </summary>
internal sealed class FormReceipts(TimeProvider time)
{
    private const int Capacity = 256;

    private static readonly TimeSpan Life = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Receipt> receipts = [];
    private readonly Queue<string> order = [];

    private sealed record Receipt(Task<FormAnswer> Answer, DateTimeOffset Until);

    /// <summary>Does it, or waits for the one who does.</summary>
    /// <param name="path">Where the form was sent to.</param>
    /// <param name="keepsRefusal">Whether a refusal is an answer to the second too. A form that holds nothing of its own is the same one when it is tried again.</param>
    public Task<FormAnswer> Run(string path, IFormCollection form, Func<Task<FormAnswer>> work, bool keepsRefusal = true)
    {
        var key = KeyOf(path, form);
        TaskCompletionSource<FormAnswer> mine;
        lock (gate)
        {
            var now = time.GetUtcNow();
            Forget(now);
            if (receipts.TryGetValue(key, out var receipt)) return receipt.Answer;
            mine = new TaskCompletionSource<FormAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
            receipts.Add(key, new Receipt(mine.Task, now + Life));
            order.Enqueue(key);
        }
        return Do(key, mine, work, keepsRefusal);
    }

    private async Task<FormAnswer> Do(string key, TaskCompletionSource<FormAnswer> mine, Func<Task<FormAnswer>> work, bool keepsRefusal)
    {
        try
        {
            var answer = await work();
            if (!keepsRefusal && answer.Result is RenderedPage { Refusal: not null }) Remove(key);
            mine.SetResult(answer);
            return answer;
        }
        catch (Exception failure)
        {
            Remove(key);   // whoever tries again is not answered with this
            mine.SetException(failure);
            _ = mine.Task.Exception;   // it is thrown here; whoever waits for it sees it too
            throw;
        }
    }

    private void Remove(string key)
    {
        lock (gate) receipts.Remove(key);
    }

    private void Forget(DateTimeOffset now)
    {
        while (order.TryPeek(out var oldest) && (order.Count >= Capacity || !receipts.TryGetValue(oldest, out var receipt) || receipt.Until <= now))
        {
            receipts.Remove(oldest);
            order.Dequeue();
        }
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
internal sealed record FormAnswer(IResult Result, StringValues Cookies);
