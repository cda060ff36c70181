using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Passwords;

namespace Avouch.Server.Users;

/// <summary>Writes all accounts in the form that <see cref="UserImport"/> takes, and notes in the journal that somebody did.</summary>
internal sealed class UserExport(Database database, SecurityJournal journal, TimeProvider time)
{
    private const int PageSize = 500;
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n");

    /// <param name="isCsv">CSV after RFC 4180; otherwise one JSON object a line.</param>
    /// <param name="withHashes">Whether <c>password_hash</c> is among the columns.</param>
    /// <param name="advance">Hears how many were written now.</param>
    /// <returns>How many there were.</returns>
    public async Task<long> Run(Stream stream, bool isCsv, bool withHashes, Action<int> advance, CancellationToken stop)
    {
        var columns = UserRecord.Columns.Where(column => withHashes || column != UserRecord.PasswordHashColumn).ToArray();
        if (isCsv) await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Join(',', columns) + "\r\n"), stop);
        var after = Guid.Empty;
        long total = 0;
        while (await List(after) is { Count: > 0 } page)
        {
            var text = string.Concat(page.Select(account => isCsv ? Csv(columns, account) : Json(columns, account)));
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text), stop);
            after = page[^1].User.Id;
            total += page.Count;
            advance(page.Count);
        }
        return total;
    }

    /// <summary>Called before a byte leaves: an export that nobody can find out about must not be.</summary>
    public ValueTask Note(bool withHashes) => database.Write(async transaction =>
    {
        await journal.Add(transaction, new JournalEntry(JournalKind.UsersExported, time.GetUtcNow()) { Detail = withHashes ? "with password hashes" : "without password hashes" });
    });

    private ValueTask<List<Credentials>> List(Guid after) => database.Read(statements => statements.List(
        $"SELECT {Credentials.Columns} FROM users WHERE id > @after ORDER BY id LIMIT @limit", Credentials.Read, ("after", after), ("limit", PageSize)));

    private static string Csv(string[] columns, Credentials account) => string.Join(',', columns.Select(column => Quote(Text(column, account)))) + "\r\n";

    private static string Quote(string text) =>
        text.AsSpan().ContainsAny(NeedsQuotes) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    private static string Json(string[] columns, Credentials account)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var column in columns) Write(json, column, account);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Write(Utf8JsonWriter json, string column, Credentials account)
    {
        json.WritePropertyName(column);
        switch (column)
        {
            case UserRecord.RolesColumn: json.WriteRawValue($"[{string.Join(',', account.User.Roles.Select(role => $"\"{role}\""))}]"); break;
            case UserRecord.IsVerifiedColumn: json.WriteBooleanValue(account.User.IsVerified); break;
            case UserRecord.IsActiveColumn: json.WriteBooleanValue(account.User.IsActive); break;
            case var _ when Text(column, account) is { Length: > 0 } text: json.WriteStringValue(text); break;
            default: json.WriteNullValue(); break;
        }
    }

    private static string Text(string column, Credentials account) => column switch
    {
        UserRecord.EmailColumn => account.User.Email,
        UserRecord.UsernameColumn => account.User.Username ?? "",
        UserRecord.FullNameColumn => account.User.FullName ?? "",
        UserRecord.RolesColumn => UserRoles.Join(account.User.Roles),
        UserRecord.IsVerifiedColumn => account.User.IsVerified ? "true" : "false",
        UserRecord.IsActiveColumn => account.User.IsActive ? "true" : "false",
        UserRecord.PasswordHashColumn => account.PasswordHash == StoredHash.OfNobody ? "" : account.PasswordHash,
        UserRecord.CreatedAtColumn => account.User.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        _ => throw new ArgumentOutOfRangeException(nameof(column), column, "There is no such column."),
    };
}
