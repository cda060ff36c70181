namespace Avouch.Server.Logging;

/// <summary>
/// How many lines of one sort the log takes in a minute: a few for each code and network, so that one of them cannot hide the others, and a number for
/// all together, so that nobody fills the disk. What is left out is counted by code.
/// </summary>
internal sealed class LineBudget(TimeProvider time)
{
    internal const int LinesEach = 20;
    internal const int LinesTogether = 1000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<(string Code, string Network), int> written = [];
    private Dictionary<string, long> leftOut = [];
    private DateTimeOffset windowEnds;
    private int total;

    /// <summary>Takes one line from what this minute still allows.</summary>
    /// <param name="code">Of a closed vocabulary: the sums are kept by it.</param>
    /// <returns>Whether there was one left. If not, it is counted.</returns>
    public bool TryTake(string code, string network)
    {
        lock (gate)
        {
            if (time.GetUtcNow() is var now && now >= windowEnds) Begin(now);
            var count = written.GetValueOrDefault((code, network));
            if (count < LinesEach && total < LinesTogether)
            {
                written[(code, network)] = count + 1;
                total++;
                return true;
            }
            leftOut[code] = leftOut.GetValueOrDefault(code) + 1;
            return false;
        }
    }

    /// <summary>What was left out since this was asked last, by code.</summary>
    public IReadOnlyDictionary<string, long> TakeLeftOut()
    {
        lock (gate)
        {
            var taken = leftOut;
            if (taken.Count > 0) leftOut = [];
            return taken;
        }
    }

    private void Begin(DateTimeOffset now)
    {
        written.Clear();
        (total, windowEnds) = (0, now + Window);
    }
}
