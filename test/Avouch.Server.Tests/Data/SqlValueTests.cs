using Avouch.Server.Data;

namespace Avouch.Server.Tests.Data;

public sealed class SqlValueTests
{
    private static readonly Guid Id = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057");
    private static readonly DateTimeOffset Time = new(2031, 2, 3, 4, 5, 6, 789, TimeSpan.Zero);

    [Fact]
    public async Task Values_of_every_type_come_back_as_they_went()
    {
        await using var temporary = TemporaryDatabase.Empty();

        Assert.Equal(Id, await Echo(temporary, Id, static row => row.Id(0)));
        Assert.Equal(long.MinValue, await Echo(temporary, long.MinValue, static row => row.Long(0)));
        Assert.Equal(-1, await Echo(temporary, -1, static row => row.Int(0)));
        Assert.True(await Echo(temporary, true, static row => row.Bool(0)));
        Assert.False(await Echo(temporary, false, static row => row.Bool(0)));
        Assert.Equal(Time, await Echo(temporary, Time, static row => row.Time(0)));
        Assert.Equal(new byte[] { 0, 255 }, await Echo(temporary, new byte[] { 0, 255 }, static row => row.Bytes(0)));
        Assert.Equal(Array.Empty<byte>(), await Echo(temporary, Array.Empty<byte>(), static row => row.Bytes(0)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("Grüße, 世界, 🔑")]
    [InlineData("before\0after")]
    public async Task Text_comes_back_as_it_went(string text)
    {
        await using var temporary = TemporaryDatabase.Empty();

        Assert.Equal(text, await Echo(temporary, text, static row => row.Text(0)));
        var longer = string.Concat(Enumerable.Repeat(text, 1_000));
        Assert.Equal(longer, await Echo(temporary, longer, static row => row.Text(0)));
    }

    [Fact]
    public async Task Values_that_may_be_missing_come_back_as_they_went()
    {
        await using var temporary = TemporaryDatabase.Empty();

        Assert.Equal(Id, await Echo(temporary, (Guid?)Id, static row => row.IdOrNull(0)));
        Assert.Equal(7, await Echo(temporary, (long?)7, static row => row.LongOrNull(0)));
        Assert.Equal(Time, await Echo(temporary, (DateTimeOffset?)Time, static row => row.TimeOrNull(0)));
        Assert.Null(await Echo(temporary, (Guid?)null, static row => row.IdOrNull(0)));
        Assert.Null(await Echo(temporary, (long?)null, static row => row.LongOrNull(0)));
        Assert.Null(await Echo(temporary, (DateTimeOffset?)null, static row => row.TimeOrNull(0)));
        Assert.Null(await Echo(temporary, (string?)null, static row => row.TextOrNull(0)));
        Assert.Null(await Echo(temporary, (byte[]?)null, static row => row.BytesOrNull(0)));
    }

    [Fact]
    public async Task A_null_is_never_taken_for_a_zero()
    {
        await using var temporary = TemporaryDatabase.Empty();

        await Assert.ThrowsAsync<InvalidCastException>(() => Echo(temporary, (long?)null, static row => row.Long(0)));
        await Assert.ThrowsAsync<InvalidCastException>(() => Echo(temporary, (string?)null, static row => row.Text(0)));
        await Assert.ThrowsAsync<InvalidCastException>(() => Echo(temporary, "7", static row => row.Long(0)));
    }

    [Fact]
    public async Task Ids_sort_by_their_time()
    {
        await using var temporary = TemporaryDatabase.Empty();
        var ids = Enumerable.Range(0, 1_000).Select(static i => Guid.CreateVersion7(Time.AddMilliseconds(i * 977L))).ToArray();

        await temporary.Database.Write(tx => tx.ExecuteScript("CREATE TABLE ids (id blob NOT NULL PRIMARY KEY) WITHOUT ROWID"));
        foreach (var id in ids.Reverse())
            await temporary.Database.Write(tx => tx.Execute("INSERT INTO ids VALUES (@id)", ("id", id)));

        Assert.Equal(ids, await temporary.Database.Read(static db => db.List("SELECT id FROM ids ORDER BY id", static row => row.Id(0))));
    }

    [Fact]
    public async Task A_flag_can_stand_alone_in_a_condition()
    {
        await using var temporary = TemporaryDatabase.Empty();

        Assert.Equal(1, await temporary.Database.Read(static db => db.Find(
            "SELECT 1 FROM (SELECT @yes AS is_active) WHERE is_active AND NOT @no", static row => row.Int(0), ("yes", true), ("no", false))));
    }

    [Fact]
    public async Task Parameters_must_be_exactly_those_of_the_statement()
    {
        await using var temporary = TemporaryDatabase.Empty();
        ValueTask<int> Run(params (string, SqlValue)[] parameters) =>
            temporary.Database.Read(db => db.Execute("SELECT @a, @b, @a", parameters));

        await Run(("b", 1), ("a", 2));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Run(("a", 1)));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Run(("a", 1), ("c", 1)));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Run(("a", 1), ("b", 1), ("c", 1)));
    }

    private static async Task<T?> Echo<T>(TemporaryDatabase temporary, SqlValue value, Func<Row, T> read) =>
        await temporary.Database.Read(db => db.Find("SELECT @value", read, ("value", value)));
}
