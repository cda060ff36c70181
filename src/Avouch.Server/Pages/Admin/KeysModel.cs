using Avouch.Server.Keys;

namespace Avouch.Server.Pages.Admin;

/// <param name="Keys">The oldest first.</param>
/// <param name="DueAt">When the signing key is due to be replaced; nothing where the secret of the settings signs.</param>
internal sealed record KeysModel(IReadOnlyList<KeyLife> Keys, DateTimeOffset? DueAt, DateTimeOffset Now)
{
    /// <summary>More rows would tell nobody anything.</summary>
    private const int Shown = 30;

    public bool HasSecret => Keys.Any(key => key.IsSecret);

    /// <summary>The newest first, and not all of them after many years.</summary>
    public IEnumerable<KeyLife> Newest => Keys.Reverse().Take(Shown);

    public int Left => Math.Max(0, Keys.Count - Shown);

    public KeyLife? Signing => Keys.FirstOrDefault(key => key.State == "signing");

    /// <summary>From when on whoever caches the key set knows the next key.</summary>
    public DateTimeOffset? NextKnownFrom => Keys.FirstOrDefault(key => key.State == "next")?.CreatedAt + SigningKeys.PublishAhead;

    /// <summary>The parts of a key's life in hundredths of the time shown: from, how long, which.</summary>
    public IEnumerable<(double From, double Length, string Class)> Parts(KeyLife key)
    {
        if (key.CreatedAt is not { } created) yield break;
        var end = key.WithdrawnAt ?? key.RetiredAt ?? Now;
        yield return Part(created, key.SignsSince ?? end, "ahead");
        if (key.SignsSince is not { } since) yield break;
        yield return Part(since, end, "signs");
        if (key == Signing && DueAt > Now) yield return Part(Now, DueAt.Value, "planned");
    }

    private (double, double, string) Part(DateTimeOffset from, DateTimeOffset until, string name)
    {
        var first = Newest.Select(key => key.CreatedAt).OfType<DateTimeOffset>().DefaultIfEmpty(Now).Min();
        var whole = Math.Max(1, ((DueAt > Now ? DueAt.Value : Now) - first).TotalSeconds);
        return ((from - first).TotalSeconds * 100 / whole, Math.Max(0.6, (until - from).TotalSeconds * 100 / whole), name);
    }
}

/// <summary>What is asked before a key is withdrawn.</summary>
internal sealed record WithdrawKeyModel(KeyLife Key);
