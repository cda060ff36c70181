using System.Text.RegularExpressions;
using Avouch.Server.Journal;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Avouch.Server.Pages.Admin;

/// <summary>A row of the journal as a sentence, with links to the people in it where the reader may see them.</summary>
internal static partial class JournalProse
{
    /// <param name="names">What people are called; who is not among them is shown by id.</param>
    public static RenderFragment Say(PageRequest page, JournalEntry entry, IReadOnlyDictionary<Guid, string> names) => builder =>
    {
        if (JournalWords.Find(entry.Kind) is not { } phrase)
        {
            builder.AddContent(0, entry.Kind);
            return;
        }
        foreach (var part in Gaps().Split(page.Language[phrase.For(entry)]))
        {
            switch (part)
            {
                case "{0}": AddPerson(builder, page, entry.UserId, names); break;
                case "{1}": AddPerson(builder, page, entry.ActorId, names); break;
                case "{2}": builder.AddContent(0, page.Language[JournalWords.Explain(entry.Detail ?? "–")]); break;
                default: builder.AddContent(0, part); break;
            }
        }
    };

    private static void AddPerson(RenderTreeBuilder builder, PageRequest page, Guid? id, IReadOnlyDictionary<Guid, string> names)
    {
        if (id is not { } person)
        {
            builder.AddContent(0, page.Language["somebody"]);
            return;
        }
        var name = names.GetValueOrDefault(person);
        builder.OpenElement(0, name is null ? "code" : "a");
        if (name is not null) builder.AddAttribute(1, "href", page.Link($"/admin/users/{person}"));
        builder.AddContent(2, name ?? person.ToString());
        builder.CloseElement();
    }

    [GeneratedRegex(@"(\{[012]\})")]
    private static partial Regex Gaps();
}
