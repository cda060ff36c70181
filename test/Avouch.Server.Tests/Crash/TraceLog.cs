using System.Text.RegularExpressions;

namespace Avouch.Server.Tests.Crash;

/// <summary>What the server asked of the kernel, in order, as far as it matters to durability.</summary>
internal enum TraceEvent
{
    /// <summary>A refresh has been read from its connection.</summary>
    Request,

    /// <summary>An answer of success is about to be handed to a connection.</summary>
    Answer,

    /// <summary>Something is about to be written to the write-ahead log.</summary>
    LogWrite,

    /// <summary>Everything written to the log has reached the disk.</summary>
    LogSync,
}

/// <summary>Reads the output of <c>strace -f -y</c>. A call that another thread interrupts stands on two lines: how it began and how it ended.</summary>
internal static partial class TraceLog
{
    /// <summary>What to trace: enough for the events above, and little enough not to slow everything else down.</summary>
    public static string[] Command(string output) =>
        ["strace", "-f", "--seccomp-bpf", "-y", "-s", "32", "-o", output, "-e", "trace=recvfrom,recvmsg,sendto,sendmsg,pwrite64,fdatasync,fsync"];

    public static List<TraceEvent> Read(IEnumerable<string> lines)
    {
        var events = new List<TraceEvent>();
        var syncing = new HashSet<string>();
        foreach (var line in lines)
            if (Line().Match(line) is { Success: true } match && Find(match.Groups["thread"].Value, match.Groups["call"].Value, syncing) is { } found)
                events.Add(found);
        return events;
    }

    private static TraceEvent? Find(string thread, string call, HashSet<string> syncing)
    {
        if (call.Contains("\"POST /api/v1/auth/refresh", StringComparison.Ordinal)) return TraceEvent.Request;
        if (call.StartsWith("send", StringComparison.Ordinal)) return call.Contains("\"HTTP/1.1 200", StringComparison.Ordinal) ? TraceEvent.Answer : null;
        if (call.StartsWith("<... f", StringComparison.Ordinal)) return syncing.Remove(thread) && HasSucceeded(call) ? TraceEvent.LogSync : null;
        if (!call.Contains("avouch.db-wal>", StringComparison.Ordinal)) return null;
        if (call.StartsWith("pwrite64", StringComparison.Ordinal)) return TraceEvent.LogWrite;
        if (HasSucceeded(call)) return TraceEvent.LogSync;
        syncing.Add(thread);
        return null;
    }

    private static bool HasSucceeded(string call) => call.EndsWith("= 0", StringComparison.Ordinal);

    [GeneratedRegex(@"^(?<thread>\d+) +(?<call>.+)$")]
    private static partial Regex Line();
}
