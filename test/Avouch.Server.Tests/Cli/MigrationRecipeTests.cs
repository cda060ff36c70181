using System.Globalization;
using System.Text.RegularExpressions;
using Avouch.Server.Tests.Data;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Tests.House;
using Avouch.Server.Tests.Passwords;
using Avouch.Server.Users;
using Microsoft.AspNetCore.Identity;

namespace Avouch.Server.Tests.Cli;

/// <summary>
/// Each recipe of docs/migrate on tables as that system makes them, with hashes of its own library: the query of the document, the import, a sign-in
/// with the old password.
/// </summary>
public sealed partial class MigrationRecipeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("avouch-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("passlib", "$2b$"), InlineData("argon2-cffi", "$argon2id$"), InlineData("passlib", "$pbkdf2-sha256$")]
    public Task FastAPI(string by, string start) => Try("fastapi", $"""
        CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR NOT NULL, username VARCHAR, full_name VARCHAR, hashed_password VARCHAR NOT NULL, is_active BOOLEAN NOT NULL, is_superuser BOOLEAN NOT NULL);
        INSERT INTO users VALUES (1, 'alice@example.test', 'alice', 'Alice', '{ForeignSample.Of(by, start).Hash}', 1, 1)
        """);

    [Theory]
    [InlineData("Django 3", "pbkdf2_sha256$"), InlineData("Django 3", "argon2$"), InlineData("Django 3", "bcrypt_sha256$"), InlineData("Django's", "scrypt$")]
    public Task Django(string by, string start) => Try("django", $"""
        CREATE TABLE auth_user (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, password varchar(128) NOT NULL, last_login datetime NULL, is_superuser bool NOT NULL, username varchar(150) NOT NULL UNIQUE, first_name varchar(150) NOT NULL, last_name varchar(150) NOT NULL, email varchar(254) NOT NULL, is_staff bool NOT NULL, is_active bool NOT NULL, date_joined datetime NOT NULL);
        INSERT INTO auth_user VALUES (1, '{ForeignSample.Of(by, start).Hash}', NULL, 1, 'alice', 'Alice', '', 'alice@example.test', 1, 1, '2024-05-31 12:00:00.123456');
        INSERT INTO auth_user VALUES (2, '!wZQBBXvhV0nWGBLYjFZxaQuMbhXtqmzGwFyRqBLo', NULL, 0, 'bob@example.test', '', '', 'bob@example.test', 0, 1, '2024-06-01 12:00:00');
        INSERT INTO auth_user VALUES (3, 'md5$salt$5f4dcc3b5aa765d61d8327deb882cf99', NULL, 0, 'nomail', '', '', '', 0, 1, '2024-06-01 12:00:00')
        """, others: 1, createdAt: "2024-05-31T12:00:00.123Z");

    [Theory]
    [InlineData(PasswordHasherCompatibilityMode.IdentityV2), InlineData(PasswordHasherCompatibilityMode.IdentityV3)]
    public Task AspNetIdentity(PasswordHasherCompatibilityMode mode) => Try("aspnet-identity", $"""
        CREATE TABLE "AspNetUsers" ("Id" TEXT NOT NULL PRIMARY KEY, "UserName" TEXT NULL, "NormalizedUserName" TEXT NULL, "Email" TEXT NULL, "NormalizedEmail" TEXT NULL, "EmailConfirmed" INTEGER NOT NULL, "PasswordHash" TEXT NULL, "LockoutEnd" TEXT NULL);
        CREATE TABLE "AspNetRoles" ("Id" TEXT NOT NULL PRIMARY KEY, "Name" TEXT NULL, "NormalizedName" TEXT NULL);
        CREATE TABLE "AspNetUserRoles" ("UserId" TEXT NOT NULL, "RoleId" TEXT NOT NULL);
        INSERT INTO "AspNetRoles" VALUES ('r', 'Admin', 'ADMIN');
        INSERT INTO "AspNetUserRoles" VALUES ('a', 'r');
        INSERT INTO "AspNetUsers" VALUES ('a', 'alice@example.test', 'ALICE@EXAMPLE.TEST', 'alice@example.test', 'ALICE@EXAMPLE.TEST', 1, '{new PasswordHasher<object>(Microsoft.Extensions.Options.Options.Create(new PasswordHasherOptions { CompatibilityMode = mode })).HashPassword(this, TestClient.Password)}', NULL);
        INSERT INTO "AspNetUsers" VALUES ('b', 'bob', 'BOB', 'bob@example.test', 'BOB@EXAMPLE.TEST', 0, NULL, NULL)
        """, others: 1);

    [Fact]
    public Task BetterAuth() => Try("better-auth", $"""
        CREATE TABLE "user" ("id" text NOT NULL PRIMARY KEY, "name" text NOT NULL, "email" text NOT NULL UNIQUE, "emailVerified" integer NOT NULL, "image" text, "createdAt" date NOT NULL, "updatedAt" date NOT NULL);
        CREATE TABLE "account" ("id" text NOT NULL PRIMARY KEY, "accountId" text NOT NULL, "providerId" text NOT NULL, "userId" text NOT NULL, "password" text, "createdAt" date NOT NULL, "updatedAt" date NOT NULL);
        INSERT INTO "user" VALUES ('a', 'Alice', 'alice@example.test', 1, NULL, '2024-05-31T12:00:00.123Z', '2024-05-31T12:00:00.123Z');
        INSERT INTO "user" VALUES ('b', 'Bob', 'bob@example.test', 0, NULL, '2024-05-31T12:00:00.123Z', '2024-05-31T12:00:00.123Z');
        INSERT INTO "account" VALUES ('1', 'a', 'credential', 'a', '{ForeignSample.Of("better-auth", "").Hash}', '2024-05-31T12:00:00.123Z', '2024-05-31T12:00:00.123Z');
        INSERT INTO "account" VALUES ('2', 'x', 'github', 'a', NULL, '2024-05-31T12:00:00.123Z', '2024-05-31T12:00:00.123Z')
        """, role: Role.User, others: 1, createdAt: "2024-05-31T12:00:00.123Z");

    [Theory]
    [InlineData("bcryptjs", "$2"), InlineData("firebase-scrypt", "$fbscrypt$")]
    public Task Supabase(string by, string start) => Try("supabase", $$"""
        CREATE TABLE auth_users (id TEXT PRIMARY KEY, email TEXT, encrypted_password TEXT, email_confirmed_at TEXT, banned_until TEXT, created_at TEXT, raw_user_meta_data TEXT, deleted_at TEXT);
        INSERT INTO auth_users VALUES ('a', 'alice@example.test', '{{ForeignSample.Of(by, start).Hash}}', '2024-05-31 12:00:00.5+00', NULL, '2024-05-31 12:00:00.123456+00', '{"name":"Alice"}', NULL);
        INSERT INTO auth_users VALUES ('b', 'bob@example.test', '', NULL, '2999-01-01 00:00:00+00', '2024-05-31 12:00:00+00', '{}', NULL);
        INSERT INTO auth_users VALUES ('c', 'carol@example.test', '', NULL, NULL, '2024-05-31 12:00:00+00', '{}', '2024-06-01 12:00:00+00')
        """, role: Role.User, others: 1, createdAt: "2024-05-31T12:00:00.123Z");

    private async Task Try(string recipe, string tables, string role = Role.Admin, int others = 0, string? createdAt = null)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "users.csv"), await Query(recipe, tables));
        await Place.Install(folder);
        var imported = await Child.Run(folder, "", "users", "import", "users.csv", "--data", folder);
        Assert.Equal((0, $"{1 + others} added, 0 already there, 0 refused."), (imported.Exit, imported.Output.Trim()));

        await using var server = await TestServer.Start(folder: folder);
        using var client = server.Client();
        await client.SignIn("alice@example.test");
        var alice = (await server.Get<UserAccounts>().FindCredentials("alice@example.test"))!;
        Assert.Equal((role, true), (alice.User.Role, alice.User.IsActive));
        Assert.StartsWith("$argon2id$v=19$m=64,t=1,p=1$", alice.PasswordHash, StringComparison.Ordinal);
        if (createdAt is not null) Assert.Equal(DateTimeOffset.Parse(createdAt, CultureInfo.InvariantCulture), alice.User.CreatedAt);
        if (recipe != "aspnet-identity") Assert.Equal("Alice", alice.User.FullName);
        if (others > 0) Assert.Equal("!", (await server.Get<UserAccounts>().FindCredentials("bob@example.test"))!.PasswordHash);
        if (recipe == "supabase") Assert.False((await server.Get<UserAccounts>().FindCredentials("bob@example.test"))!.User.IsActive);
    }

    /// <summary>The document's query, its answer as the CSV that psql and sqlite3 write. SQLite has no schemas: <c>auth.users</c> is <c>auth_users</c>.</summary>
    private static async Task<string> Query(string recipe, string tables)
    {
        var query = SqlBlock().Match(Repository.Read($"docs/migrate/{recipe}.md")).Groups[1].Value.Trim().TrimEnd(';').Replace("auth.users", "auth_users", StringComparison.Ordinal);
        await using var database = TemporaryDatabase.Empty();
        await database.Database.Write(transaction => transaction.ExecuteScript(tables));
        var columns = Heading(query);
        var rows = await database.Database.Read(statements => statements.List(
            $"SELECT {string.Join(", ", columns.Select(column => $"CAST({column} AS TEXT)"))} FROM ({query})",
            row => string.Join(',', columns.Select((_, i) => "\"" + row.TextOrNull(i)?.Replace("\"", "\"\"", StringComparison.Ordinal) + "\""))));
        return string.Join(',', columns) + "\r\n" + string.Concat(rows.Select(row => row + "\r\n"));
    }

    /// <summary>The columns of our format that a query names, in any order.</summary>
    private static string[] Heading(string query) => [.. UserRecord.Columns.Where(column => Regex.IsMatch(query, $@"(AS |^\s+){column},?$", RegexOptions.Multiline))];

    [GeneratedRegex("```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex SqlBlock();
}
