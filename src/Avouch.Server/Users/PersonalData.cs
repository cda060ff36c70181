using System.Text.Json;
using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Sessions;

namespace Avouch.Server.Users;

/// <summary>
/// Everything that is stored about one person, written as it is read: however much there is, a page of it is in memory. No hash, no secret, and
/// nothing of other people: what an administrator did stands there without who it was.
/// </summary>
internal sealed class PersonalData(Database database, JournalSearch journal, TimeProvider time)
{
    private const int PageSize = 500;

    public async Task Write(User user, Stream stream, CancellationToken stop)
    {
        await using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteString("exported_at", time.GetUtcNow());
        json.WritePropertyName("account");
        json.WriteRawValue(UserJson.Serialize(user));
        await WriteAll(json, "sessions", after => database.Read(statements => UserSessions.ListEver(statements, user.Id, after, PageSize)), Guid.Empty, session => session.Id, WriteSession, stop);
        await WriteAll(json, "journal", before => journal.List(new JournalQuery(PageSize) { UserId = user.Id, Before = before }), long.MaxValue, row => row.Seq, WriteRow, stop);
        await WriteAll(json, "mail", after => database.Read(statements => UserMail.List(statements, user.Id, after, PageSize)), Guid.Empty, mail => mail.Id, WriteMail, stop);
        json.WriteEndObject();
    }

    private static async Task WriteAll<T, TPlace>(
        Utf8JsonWriter json, string name, Func<TPlace, ValueTask<List<T>>> list, TPlace start, Func<T, TPlace> placeOf, Action<Utf8JsonWriter, T> write, CancellationToken stop)
    {
        json.WriteStartArray(name);
        List<T> page;
        var place = start;
        do
        {
            page = await list(place);
            foreach (var item in page) write(json, item);
            if (page.Count > 0) place = placeOf(page[^1]);
            await json.FlushAsync(stop);
        }
        while (page.Count == PageSize);
        json.WriteEndArray();
    }

    private static void WriteSession(Utf8JsonWriter json, Session session)
    {
        json.WriteStartObject();
        json.WriteString("id", session.Id);
        json.WriteString("client_id", session.ClientId);
        json.WriteString("created_at", session.CreatedAt);
        json.WriteString("last_used_at", session.RotatedAt);
        json.WriteString("address", session.Address);
        json.WriteString("agent", session.Agent);
        WriteTime(json, "ended_at", session.EndedAt);
        json.WriteEndObject();
    }

    private static void WriteRow(Utf8JsonWriter json, JournalEntry row)
    {
        json.WriteStartObject();
        json.WriteNumber("seq", row.Seq);
        json.WriteString("at", row.At);
        json.WriteString("kind", row.Kind);
        json.WriteString("address", row.ActorId is null ? row.Address : null);
        json.WriteString("detail", row.Detail);
        json.WriteBoolean("by_administrator", row.ActorId is not null);
        json.WriteEndObject();
    }

    private static void WriteMail(Utf8JsonWriter json, MailFact mail)
    {
        json.WriteStartObject();
        json.WriteString("template", mail.Template);
        json.WriteString("created_at", mail.CreatedAt);
        WriteTime(json, "sent_at", mail.SentAt);
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } some) json.WriteString(name, some);
        else json.WriteNull(name);
    }
}
