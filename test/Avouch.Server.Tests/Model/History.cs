using System.Globalization;

namespace Avouch.Server.Tests.Model;

/// <summary>
/// What a walk did. When a step fails, only what can matter to it is shown: its user's steps since its session began, the clock and the keys.
/// </summary>
internal sealed class History
{
    private const int MostLines = 60;

    private readonly List<Note> notes = [];

    private sealed record Note(int Step, Guid? User, Guid? Session, string Text);

    /// <param name="user">Left out for what concerns everybody.</param>
    public void Add(int step, Guid? user, Guid? session, string text) => notes.Add(new Note(step, user, session, text));

    public string Tail()
    {
        if (notes.Count == 0) return "";
        var last = notes[^1];
        var first = last.Session is { } session ? notes.FindIndex(note => note.Session == session) : Math.Max(0, notes.Count - MostLines);
        var shown = notes.Skip(first).Where(note => last.User is null || note.User is null || note.User == last.User).ToList();
        var lines = shown.TakeLast(MostLines).Select(note => string.Create(CultureInfo.InvariantCulture, $"  {note.Step,6}  {note.Text}\n"));
        var hidden = Math.Max(0, shown.Count - MostLines);
        return (hidden > 0 ? $"  … {hidden} steps before\n" : "") + string.Concat(lines);
    }
}
