using System.Globalization;
using System.Security.Cryptography;
using Avouch.Server.Data;

namespace Avouch.Server.Users;

/// <summary>
/// The link by which the first administrator comes in (decision 123): a secret that a server prints when it starts and nobody administers it. What is
/// stored is its hash and its end, in the table <c>installation</c>. Each start makes another one.
/// </summary>
internal sealed class SetupLink(Database database, UserAccounts users, TimeProvider time)
{
    public const string Path = "/setup";

    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private const string Fact = "setup_link";

    /// <summary>A new secret; the one before is dead. Nothing where somebody administers this server.</summary>
    public ValueTask<ProofToken?> Replace() => database.Write(async transaction =>
    {
        await transaction.Execute("DELETE FROM installation WHERE name = @name", ("name", Fact));
        if (await UserAccounts.HasAdmin(transaction)) return null;
        var token = ProofToken.Make();
        await Put(transaction, string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(token.Hash)} {(time.GetUtcNow() + Life).ToUnixTimeMilliseconds()}"));
        return token;
    });

    /// <summary>Whether it counts at this moment: before anybody hashes a password.</summary>
    public async ValueTask<bool> IsAlive(ProofToken token) => await database.Read(statements => FindAlive(statements, token)) is not null;

    /// <summary>
    /// Uses it up for an account with the role <c>admin</c>. Of two at once, one wins: there is one row, and one statement takes it away. Where the account
    /// cannot be added, the link is as good as before.
    /// </summary>
    /// <returns>Nothing where the link does not count, whatever the reason.</returns>
    public ValueTask<AddedUser?> AddAdmin(ProofToken token, NewUser account, string? address) => database.Write<AddedUser?>(async transaction =>
    {
        if (await FindAlive(transaction, token) is not { } value) return null;
        if (await transaction.Execute("DELETE FROM installation WHERE name = @name AND value = @value", ("name", Fact), ("value", value)) != 1) return null;
        var added = await users.Add(transaction, account with { Role = Role.Admin, Roles = [Role.Admin] }, address);
        if (added.User is null) await Put(transaction, value);
        return added;
    });

    /// <summary>The stored value, if it is of this secret, not too old, and nobody administers this server, whoever made them.</summary>
    private async ValueTask<string?> FindAlive(Statements statements, ProofToken token)
    {
        var value = await statements.Find("SELECT value FROM installation WHERE name = @name", static row => row.Text(0), ("name", Fact));
        if (value?.Split(' ') is not [var hash, var end]) return null;
        if (!CryptographicOperations.FixedTimeEquals(Convert.FromHexString(hash), token.Hash)) return null;
        if (long.Parse(end, CultureInfo.InvariantCulture) <= time.GetUtcNow().ToUnixTimeMilliseconds()) return null;
        return await UserAccounts.HasAdmin(statements) ? null : value;
    }

    private static ValueTask<int> Put(Transaction transaction, string value) =>
        transaction.Execute("INSERT INTO installation (name, value) VALUES (@name, @value)", ("name", Fact), ("value", value));
}
