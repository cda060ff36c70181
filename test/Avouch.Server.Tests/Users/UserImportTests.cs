using System.Globalization;
using System.Text;
using System.Text.Json;
using Avouch.Server.Journal;
using Avouch.Server.Passwords;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Tests.Passwords;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Users;

public sealed class UserImportTests : ServerTests
{
    private static readonly ForeignSample Bcrypt = ForeignSample.Of("bcrypt 3", "$2a$04$");

    private readonly List<string> refused = [];

    [Fact]
    public async Task Every_member_arrives_and_the_old_password_signs_in()
    {
        var summary = await Import(Json(new
        {
            email = " Alice@Example.test ",
            username = "alice",
            full_name = "Alice Müller, \"A.\"",
            roles = (string[])["user", "admin"],
            is_verified = true,
            is_active = true,
            password_hash = Bcrypt.Hash,
            created_at = "2024-05-31T12:00:00.123+02:00",
        }));

        Assert.Equal(new ImportSummary(1, 0, 0), summary);
        var user = (await Server.Get<UserAccounts>().FindCredentials("alice"))!.User;
        Assert.Equal(("Alice@Example.test", "alice", "Alice Müller, \"A.\"", Role.Admin, true, true), (user.Email, user.Username, user.FullName, user.Role, user.IsVerified, user.IsActive));
        Assert.Equal(new DateTimeOffset(2024, 5, 31, 10, 0, 0, 123, TimeSpan.Zero), user.CreatedAt);
        var row = Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.UserImported);
        Assert.Equal((user.Id, "admin user"), (row.UserId, row.Detail));
        await Client.SignIn("alice@example.test", Bcrypt.Password);
    }

    [Fact]
    public async Task What_is_left_out_is_an_ordinary_user_without_a_password()
    {
        await Import("""{"email":"alice@example.test"}""");

        var found = (await Server.Get<UserAccounts>().FindCredentials("alice@example.test"))!;
        Assert.Equal((null, null, Role.User, true, false), (found.User.Username, found.User.FullName, found.User.Role, found.User.IsActive, found.User.IsVerified));
        Assert.Equal((Server.Time.GetUtcNow(), StoredHash.OfNobody), (found.User.CreatedAt, found.PasswordHash));
    }

    [Fact]
    public async Task A_disabled_user_stays_disabled()
    {
        await Import(Json(new { email = "alice@example.test", is_active = false, password_hash = Bcrypt.Hash }));

        (await Client.PostJson("/api/v1/auth/login", new { email = "alice@example.test", password = Bcrypt.Password })).MustBe(System.Net.HttpStatusCode.Forbidden, "account_disabled");
    }

    [Theory]
    [InlineData("""{"email":"no address"}""", "not an e-mail address")]
    [InlineData("""{"username":"alice"}""", "e-mail address is needed")]
    [InlineData("""{"email":null}""", "e-mail address is needed")]
    [InlineData("""{"email":"a@example.test","username":"a@b"}""", "user name")]
    [InlineData("""{"email":"a@example.test","full_name":"a\u0007b"}""", "control characters")]
    [InlineData("""{"email":"a@example.test","roles":["editor"]}""", "roles of this server")]
    [InlineData("""{"email":"a@example.test","roles":"user editor"}""", "roles of this server")]
    [InlineData("""{"email":"a@example.test","is_active":"perhaps"}""", "is_active")]
    [InlineData("""{"email":"a@example.test","is_verified":2}""", "is_verified")]
    [InlineData("""{"email":"a@example.test","created_at":"yesterday"}""", "created_at")]
    [InlineData("""{"email":"a@example.test","created_at":1717149600}""", "created_at")]
    [InlineData("""{"email":"a@example.test","created_at":"2031-01-01"}""", "future")]
    [InlineData("""{"email":"a@example.test","created_at":"1931-01-01"}""", "1970")]
    [InlineData("""{"email":"a@example.test","password_hash":"$2b$15$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm"}""", "limit of 14")]
    [InlineData("""{"email":"a@example.test","password_hash":"hunter2"}""", "no scheme")]
    [InlineData("""{"email":"a@example.test","password":"hunter2"}""", "plain text")]
    [InlineData("""{"email":"a@example.test","passwordhash":"hunter2"}""", "no column \"passwordhash\"")]
    [InlineData("""{"email":{"address":"a@example.test"}}""", "not a plain value")]
    [InlineData("""{"email":"a@example.test","email":"b@example.test"}""", "twice")]
    [InlineData("""{"email":"a@example.test" """, "not JSON")]
    [InlineData("{", "not JSON")]
    public async Task A_line_that_cannot_be_taken_is_refused_alone(string line, string reason)
    {
        var summary = await Import($"{{\"email\":\"first@example.test\"}}\n\n{line}\n{{\"email\":\"last@example.test\"}}");

        Assert.Equal(new ImportSummary(2, 0, 1), summary);
        Assert.StartsWith("3: ", Assert.Single(refused), StringComparison.Ordinal);
        Assert.Contains(reason, refused[0], StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused[0], StringComparison.Ordinal);
        Assert.Equal(2, await Server.Count("users"));
    }

    [Fact]
    public async Task Names_that_come_twice_in_a_file_are_taken_once()
    {
        var summary = await Import("""
            {"email":"alice@example.test","username":"alice"}
            {"email":"ALICE@example.test"}
            {"email":"other@example.test","username":"ＡＬＩＣＥ"}
            {"email":"bob@example.test"}
            """);

        Assert.Equal(new ImportSummary(2, 0, 2), summary);
        Assert.Equal(["2: It has the e-mail address of line 1.", "3: It has the user name of line 1."], refused);
    }

    [Fact]
    public async Task The_same_file_again_changes_nothing_even_after_its_users_signed_in()
    {
        var file = Json(new { email = "alice@example.test", username = "alice", password_hash = Bcrypt.Hash }) + Json(new { email = "bob@example.test", created_at = "2024-01-01" });
        await Import(file);
        await Client.SignIn("alice", Bcrypt.Password);
        var before = (await Server.Get<UserAccounts>().FindCredentials("alice"))!;

        Assert.Equal(new ImportSummary(0, 2, 0), await Import(file));
        await Server.Database.Write(transaction => transaction.Execute("DELETE FROM journal"));   // as a purge does, years later
        Assert.Equal(new ImportSummary(0, 1, 1), await Import(file));

        Assert.Equal(before, await Server.Get<UserAccounts>().FindCredentials("alice"));
        Assert.Equal(2, await Server.Count("users"));
    }

    [Fact]
    public async Task An_account_that_somebody_else_made_is_not_taken_over()
    {
        await Client.Register("alice");

        foreach (var (email, username) in ((string, string)[])[("alice@example.test", "alice"), ("other@example.test", "ALICE"), ("Alice@example.test", "somebody")])
            Assert.Equal(new ImportSummary(0, 0, 1), await Import(Json(new { email, username, password_hash = Bcrypt.Hash })));

        Assert.Collection(refused,
            first => Assert.Contains("was not imported", first, StringComparison.Ordinal),
            second => Assert.Contains("another e-mail address", second, StringComparison.Ordinal),
            third => Assert.Contains("another user name", third, StringComparison.Ordinal));
        await Client.SignIn("alice");
    }

    [Fact]
    public async Task A_dry_run_says_the_same_and_writes_nothing()
    {
        await Client.Register("alice");
        var file = Json(new { email = "alice@example.test" }) + Json(new { email = "bob@example.test", password_hash = Bcrypt.Hash }) + Json(new { email = "BOB@example.test" });
        var rows = (await Server.Count("users"), await Server.Count("journal"), await Server.Count("password_costs"));

        var dry = await Import(file, isDry: true);
        var said = refused.ToList();
        Assert.Equal(rows, (await Server.Count("users"), await Server.Count("journal"), await Server.Count("password_costs")));
        refused.Clear();

        Assert.Equal(dry, await Import(file));
        Assert.Equal(said, refused);
        Assert.Equal(new ImportSummary(1, 0, 2), dry);
    }

    [Fact]
    public async Task An_import_that_was_stopped_goes_on_where_it_was()
    {
        using var stop = new CancellationTokenSource();
        var file = Many(1000);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Server.Get<UserImport>().Import(StopAfter(UserFile.Read(Stream(file), default), 450, stop), false, Refuse, stop.Token));
        var there = await Server.Count("users");
        Assert.InRange(there, 400, 449);

        Assert.Equal(new ImportSummary(1000 - there, there, 0), await Import(file));
        Assert.Equal(1000, (await Server.Journal()).Count(entry => entry.Kind == JournalKind.UserImported));
    }

    [Fact]
    public async Task People_sign_in_while_an_import_runs()
    {
        await Client.Register("alice");

        var importing = Import(Many(3000));
        var signIns = 0;
        do
        {
            await Client.SignIn("alice");
            signIns++;
        }
        while (!importing.IsCompleted);

        Assert.Equal(3000, (await importing).Added);
        Assert.InRange(signIns, 3, int.MaxValue);
    }

    [Fact]
    public async Task A_row_whose_journal_cannot_be_written_is_not_imported()
    {
        await Server.Database.Write(transaction => transaction.Execute("CREATE TRIGGER broken BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'no'); END"));

        await Assert.ThrowsAnyAsync<Exception>(() => Import(Json(new { email = "alice@example.test", password_hash = Bcrypt.Hash })));

        Assert.Equal(0, await Server.Count("users"));
        Assert.Equal(1, await Server.Count("password_costs"));
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task What_was_exported_imports_as_the_same_accounts(bool isCsv)
    {
        await Import(Json(new { email = "alice@example.test", username = "alice", full_name = "Müller, \"Alice\" 🔑", roles = "guest", is_verified = true, password_hash = Bcrypt.Hash, created_at = "2024-05-31T12:00:00.123Z" })
            + Json(new { email = "bob@example.test", is_active = false }) + Json(new { email = "o'neil+x@example.test", full_name = "=1+1" }));
        await Client.Register("carol");
        var file = await Export(isCsv, withHashes: true);
        var before = await Everybody();
        await Server.Database.Write(transaction => transaction.Execute("DELETE FROM users"));

        Assert.Equal(new ImportSummary(4, 0, 0), await Import(file));

        Assert.Equal(before, await Everybody());
        Assert.Equal(file.Split('\n').Order(StringComparer.Ordinal), (await Export(isCsv, withHashes: true)).Split('\n').Order(StringComparer.Ordinal));
        await Client.SignIn("alice", Bcrypt.Password);
        await Client.SignIn("carol");
    }

    [Fact]
    public async Task An_export_without_hashes_holds_none_and_is_journaled()
    {
        await Client.Register("alice");

        foreach (var isCsv in (bool[])[true, false])
        {
            var file = await Export(isCsv, withHashes: false);
            Assert.Contains("alice@example.test", file, StringComparison.Ordinal);
            Assert.DoesNotContain("argon2", file, StringComparison.Ordinal);
            Assert.DoesNotContain("password_hash", file, StringComparison.Ordinal);
        }
        Assert.Equal(["without password hashes", "without password hashes"], (await Server.Journal()).Where(entry => entry.Kind == JournalKind.UsersExported).Select(entry => entry.Detail));
    }

    private Task<ImportSummary> Import(string file, bool isDry = false) => Server.Get<UserImport>().Import(UserFile.Read(Stream(file), default), isDry, Refuse, default);

    private async Task<string> Export(bool isCsv, bool withHashes)
    {
        var stream = new MemoryStream();
        await Server.Get<UserExport>().Note(withHashes);
        await Server.Get<UserExport>().Run(stream, isCsv, withHashes, _ => { }, default);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private Task Refuse(long line, string reason)
    {
        refused.Add($"{line}: {reason}");
        return Task.CompletedTask;
    }

    /// <summary>All that a file carries.</summary>
    private async Task<List<string>> Everybody() => await Server.Database.Read(statements => statements.List(
        "SELECT email, username, full_name, role, is_verified, is_active, password_hash, created_at, email_key, username_key FROM users ORDER BY email",
        static row => string.Join('|', row.Text(0), row.TextOrNull(1), row.TextOrNull(2), row.Text(3), row.Bool(4), row.Bool(5), row.Text(6), row.Long(7), row.Text(8), row.TextOrNull(9))));

    private static async IAsyncEnumerable<UserLine> StopAfter(IAsyncEnumerable<UserLine> lines, int count, CancellationTokenSource stop)
    {
        await foreach (var line in lines)
        {
            if (count-- == 0) await stop.CancelAsync();
            yield return line;
        }
    }

    private static string Json(object user) => JsonSerializer.Serialize(user) + "\n";

    private static string Many(int count) => string.Concat(Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{{\"email\":\"person{i}@example.test\"}}\n")));

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));
}
