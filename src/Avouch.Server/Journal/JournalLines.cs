using System.Text.Json;
using System.Text.Json.Serialization;

namespace Avouch.Server.Journal;

/// <summary>A row of the journal as it leaves the server.</summary>
/// <param name="Id">As it stands in the header <c>Avouch-Reason</c>.</param>
internal sealed record JournalRow(string Id, long Seq, DateTimeOffset At, string Kind, Guid? UserId, Guid? SessionId, Guid? ActorId, string? Address, string? Detail)
{
    public static JournalRow Of(JournalEntry entry) => new($"j-{entry.Seq}", entry.Seq, entry.At, entry.Kind, entry.UserId, entry.SessionId, entry.ActorId, entry.Address, entry.Detail);
}

/// <summary>The journal as NDJSON, an object a line, as it is read.</summary>
internal sealed class JournalLines(JournalSearch journal)
{
    public const string MediaType = "application/x-ndjson";

    private const int AtOnce = 500;

    /// <summary>A batch is read when the one before has gone out: however long the journal, a batch of it is in memory.</summary>
    /// <param name="query">Its limit is for the whole.</param>
    public async Task Write(Stream stream, JournalQuery query, CancellationToken stop)
    {
        var left = query.Limit;
        List<JournalEntry> rows;
        do
        {
            rows = await journal.List(query with { Limit = Math.Min(AtOnce, left) });
            await stream.WriteAsync(Serialize(rows), stop);
            left -= rows.Count;
            if (rows.Count > 0) query = query with { Before = rows[^1].Seq };
        }
        while (rows.Count == AtOnce && left > 0);
    }

    private static byte[] Serialize(List<JournalEntry> rows)
    {
        using var lines = new MemoryStream();
        foreach (var row in rows)
        {
            JsonSerializer.Serialize(lines, JournalRow.Of(row), JournalJson.Default.JournalRow);
            lines.WriteByte((byte)'\n');
        }
        return lines.ToArray();
    }
}

/// <summary>JSON of this folder on the wire.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(JournalRow))]
internal sealed partial class JournalJson : JsonSerializerContext;
