using Avouch.Server.Data;

namespace Avouch.Server.Tests.Data;

public sealed class MigratorTests
{
    private static readonly Migration Users = Migration.Parse(
        "0001-users.sql",
        """
        CREATE TABLE users (
            id         {id}   NOT NULL PRIMARY KEY,
            is_active  {bool} NOT NULL,
            created_at {time} NOT NULL
        ) {clustered} {strict};
        CREATE TABLE journal (number {sequence}, body {bytes}, epoch {long}) {strict};
        """);

    private static readonly Migration Names = Migration.Parse("0002-names.sql", "ALTER TABLE users ADD COLUMN name text;");

    [Fact]
    public async Task Each_step_is_applied_once()
    {
        await using var temporary = TemporaryDatabase.Empty();

        Assert.Equal([Users], await Apply(temporary, Users));
        Assert.Equal([Names], await Apply(temporary, Users, Names));
        Assert.Empty(await Apply(temporary, Users, Names));

        await temporary.Reopen();
        Assert.Empty(await Apply(temporary, Users, Names));
        Assert.Equal(["1 users", "2 names"], await Applied(temporary));
    }

    [Fact]
    public async Task The_tables_are_usable_with_the_types_of_the_nouns()
    {
        await using var temporary = TemporaryDatabase.Empty();
        await Apply(temporary, Users);

        var number = await temporary.Database.Write(async tx =>
        {
            await tx.Execute(
                "INSERT INTO users (id, is_active, created_at) VALUES (@id, @active, @now)",
                ("id", Guid.CreateVersion7()), ("active", true), ("now", DateTimeOffset.UnixEpoch));
            return await tx.Find("INSERT INTO journal (body) VALUES (@body) RETURNING number", static row => row.Long(0), ("body", (byte[]?)null));
        });

        Assert.Equal(1, number);
        Assert.Equal(1, await temporary.Database.Read(static db => db.Find("SELECT count(*) FROM users WHERE is_active", static row => row.Long(0))));
    }

    [Fact]
    public async Task A_step_whose_text_has_changed_is_refused()
    {
        await using var temporary = TemporaryDatabase.Empty();
        await Apply(temporary, Users);

        var refusal = await Assert.ThrowsAsync<MigrationException>(() => Apply(temporary, Users with { Text = Users.Text + " " }, Names));

        Assert.Contains("0001-users", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["1 users"], await Applied(temporary));
    }

    [Fact]
    public async Task Line_ends_do_not_count_as_a_change()
    {
        await using var temporary = TemporaryDatabase.Empty();
        await Apply(temporary, Users);

        Assert.Empty(await Apply(temporary, Migration.Parse("0001-users.sql", Users.Text.ReplaceLineEndings("\r\n"))));
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused()
    {
        await using var temporary = TemporaryDatabase.Empty();
        await Apply(temporary, Users, Names);

        var refusal = await Assert.ThrowsAsync<MigrationException>(() => Apply(temporary, Users));

        Assert.Contains("0002-names", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("newer version", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_that_fails_leaves_nothing_behind_and_keeps_those_before_it()
    {
        await using var temporary = TemporaryDatabase.Empty();
        var broken = Migration.Parse("0002-broken.sql", "CREATE TABLE half (a text); INSERT INTO nowhere VALUES (1);");

        var failure = await Assert.ThrowsAsync<MigrationException>(() => Apply(temporary, Users, broken));

        Assert.Contains("0002-broken", failure.Message, StringComparison.Ordinal);
        Assert.Contains("nowhere", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["1 users"], await Applied(temporary));
        Assert.Empty(await temporary.Database.Read(static db =>
            db.List("SELECT name FROM sqlite_master WHERE name = 'half'", static row => row.Text(0))));
        Assert.Equal([Names], await Apply(temporary, Users, Names));
    }

    [Fact]
    public async Task A_step_that_ends_its_own_transaction_is_refused()
    {
        await using var temporary = TemporaryDatabase.Empty();

        await Assert.ThrowsAsync<MigrationException>(() => Apply(temporary, Migration.Parse("0001-a.sql", "CREATE TABLE a (x text); COMMIT;")));
    }

    [Theory]
    [InlineData("users.sql")]
    [InlineData("one-users.sql")]
    public void A_file_without_a_number_is_refused(string name) =>
        Assert.Throws<MigrationException>(() => Migration.Parse(name, ""));

    [Fact]
    public async Task A_gap_in_the_numbers_and_an_unknown_placeholder_are_refused()
    {
        await using var temporary = TemporaryDatabase.Empty();

        await Assert.ThrowsAsync<MigrationException>(() => Apply(temporary, Names));
        await Assert.ThrowsAsync<MigrationException>(() => Apply(temporary, Migration.Parse("0001-a.sql", "CREATE TABLE a (x {text})")));
        Assert.Empty(await Applied(temporary));
    }

    private static async Task<IReadOnlyList<Migration>> Apply(TemporaryDatabase temporary, params Migration[] migrations) =>
        await Migrator.Apply(temporary.Database, migrations, TimeProvider.System);

    private static async Task<List<string>> Applied(TemporaryDatabase temporary) => await temporary.Database.Read(static db =>
        db.List("SELECT number, name FROM migrations ORDER BY number", static row => $"{row.Int(0)} {row.Text(1)}"));
}
