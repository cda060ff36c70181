using System.Text.Json;
using Avouch.Server.Data;
using Avouch.Server.Keys;

namespace Avouch.Server.Mail;

/// <summary>
/// Mail that waits to be sent: the table <c>mail_outbox</c>. A letter is added in the transaction of its cause, so that none is sent of what did not
/// commit, and none is lost of what did.
/// </summary>
internal sealed class Outbox(MasterKeys keys, TimeProvider time)
{
    /// <summary>Called after the commit of each new letter: whoever sends need not wait for the next look.</summary>
    public event Action? Added;

    public async ValueTask Add(Transaction transaction, Letter letter)
    {
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await transaction.Execute(
            """
            INSERT INTO mail_outbox (id, user_id, template, letter, created_at, due_at, attempts)
            VALUES (@id, @user, @template, @letter, @now, @now, 0)
            """,
            ("id", id), ("user", letter.UserId), ("template", letter.Template), ("letter", Seal(id, letter)), ("now", now));
        transaction.AfterCommit(() => Added?.Invoke());
    }

    /// <summary>Takes back what was added for nobody, in the same transaction: an address that no account has costs as much as any other.</summary>
    public static ValueTask<int> TakeBack(Transaction transaction, Guid nobody) =>
        transaction.Execute("DELETE FROM mail_outbox WHERE user_id = @nobody", ("nobody", nobody));

    private byte[] Seal(Guid id, Letter letter) => keys.Current.Seal(JsonSerializer.SerializeToUtf8Bytes(letter, LetterJson.Default.Letter), NameOf(id));

    /// <summary>Bound to its row: a letter cannot be moved to another.</summary>
    private static string NameOf(Guid id) => $"mail/{id:D}";
}
