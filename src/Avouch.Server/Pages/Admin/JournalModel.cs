using Avouch.Server.Journal;

namespace Avouch.Server.Pages.Admin;

/// <summary>What the filter holds, as it was typed.</summary>
internal sealed record JournalChoice(string? User, string? Kind, string? Since, string? Until)
{
    public bool IsAny => (User ?? Kind ?? Since ?? Until) is not null;

    public static JournalChoice Of(PageRequest page) => new(page.Query("user"), page.Query("kind"), page.Query("since"), page.Query("until"));

    /// <summary>The address of the same choice, with more behind it.</summary>
    public string ToPath(string path, params ReadOnlySpan<(string Name, string? Value)> more)
    {
        List<(string Name, string? Value)> all = [("user", User), ("kind", Kind), ("since", Since), ("until", Until), .. more];
        var query = string.Join('&', all.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
        return query.Length == 0 ? path : $"{path}?{query}";
    }
}

/// <summary>A page of the journal.</summary>
/// <param name="Retention">How long rows are kept.</param>
internal sealed record JournalModel(JournalChoice Choice, TimeSpan Retention)
{
    public IReadOnlyList<JournalEntry> Rows { get; init; } = [];

    public IReadOnlyDictionary<Guid, string> Names { get; init; } = new Dictionary<Guid, string>();

    /// <summary>The row that a reason names, with what is around it.</summary>
    public long? Reason { get; init; }

    /// <summary>Whether the reason is the id of a line of the log.</summary>
    public bool IsLogId { get; init; }

    /// <summary>Below this number the next page begins; nothing on the last.</summary>
    public long? Older { get; init; }

    /// <summary>Above this number there is what this page does not show yet.</summary>
    public long Newer { get; init; }

    /// <summary>Whether nothing newer was there when the page was made.</summary>
    public bool IsNewest { get; init; }
}
