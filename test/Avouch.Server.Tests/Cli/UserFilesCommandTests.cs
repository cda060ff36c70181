using System.Net;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Tests.Passwords;

namespace Avouch.Server.Tests.Cli;

/// <summary><c>users import</c> and <c>users export</c> as people type them, without a server and beside one.</summary>
public sealed class UserFilesCommandTests : IDisposable
{
    private static readonly ForeignSample Bcrypt = ForeignSample.Of("bcrypt 3", "$2a$04$");

    private readonly string folder = Directory.CreateTempSubdirectory("avouch-test-").FullName;

    private readonly string data;

    public UserFilesCommandTests() => data = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_file_is_tried_imported_imported_again_and_exported()
    {
        await Place.Install(data);
        await File.WriteAllTextAsync(Named("users.csv"), $"email,username,password_hash\r\nalice@example.test,alice,{Bcrypt.Hash}\r\nnobody,,\r\nbob@example.test,,\r\n");

        var tried = await Run("users", "import", "users.csv", "--dry-run");
        Assert.Equal((1, "2 would be added, 0 already there, 1 refused."), (tried.Exit, tried.Output.Trim()));
        Assert.Contains("line 3: This is not an e-mail address.", tried.Error, StringComparison.Ordinal);
        var imported = await Run("users", "import", "users.csv", "--report", "refused.txt");
        Assert.Equal((1, "2 added, 0 already there, 1 refused (refused.txt says why)."), (imported.Exit, imported.Output.Trim()));
        Assert.Equal("line 3: This is not an e-mail address.\n", await File.ReadAllTextAsync(Named("refused.txt")));
        Assert.DoesNotContain("line 3", imported.Error, StringComparison.Ordinal);
        Assert.Equal("0 added, 2 already there, 1 refused.", (await Run("users", "import", "users.csv")).Output.Trim());
        Assert.Equal(1, (await Run("users", "import", "users.csv", "--report", "users.csv")).Exit);
        Assert.StartsWith("email,", await File.ReadAllTextAsync(Named("users.csv")), StringComparison.Ordinal);

        var exported = await Run("users", "export", "out.csv", "--with-password-hashes");
        Assert.Equal((0, "2 accounts in out.csv, with password hashes."), (exported.Exit, exported.Output.Trim()));
        Assert.Equal(FileModes.OwnerOnly, FileModes.Of(Named("out.csv")));
        Assert.Contains(Bcrypt.Hash, await File.ReadAllTextAsync(Named("out.csv")), StringComparison.Ordinal);
        Assert.Equal(1, (await Run("users", "export", "out.csv")).Exit);   // it exists
        Assert.Equal(0, (await Run("users", "export", "out.csv", "--force")).Exit);
        Assert.DoesNotContain(Bcrypt.Hash, await File.ReadAllTextAsync(Named("out.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beside_a_server_the_imported_sign_in_at_once()
    {
        await File.WriteAllTextAsync(Named("users.jsonl"), $"{{\"email\":\"alice@example.test\",\"password_hash\":\"{Bcrypt.Hash}\"}}\n");
        var (server, url) = await Child.Serve(data);
        await using (server)
        {
            var imported = await Run("users", "import", "users.jsonl");
            Assert.Equal((0, "1 added, 0 already there, 0 refused."), (imported.Exit, imported.Output.Trim()));

            using var client = new TestClient(url);
            (await client.PostJson("/api/v1/auth/login", new { email = "alice@example.test", password = "a wrong password" })).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
            await client.SignIn("alice@example.test", Bcrypt.Password);
            Assert.Equal(0, (await Run("users", "export", "out.jsonl", "--with-password-hashes")).Exit);
        }
        var exported = await File.ReadAllTextAsync(Named("out.jsonl"));
        Assert.Contains("\"password_hash\":\"$argon2id$v=19$m=64,t=2,p=1$", exported, StringComparison.Ordinal);
        Assert.Contains("\"roles\":[\"user\"]", exported, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_stands_before_a_fault_of_the_file_is_imported_and_reported()
    {
        await Place.Install(data);
        await File.WriteAllTextAsync(Named("users.csv"), "email\nalice@example.test\nnobody\n\"bob@example.test\n");

        var answer = await Run("users", "import", "users.csv", "--report", "refused.txt");

        Assert.Equal((1, ""), (answer.Exit, answer.Output));
        Assert.Contains("Line 4 has a quote that is never closed", answer.Error, StringComparison.Ordinal);
        Assert.Equal("line 3: This is not an e-mail address.\n", await File.ReadAllTextAsync(Named("refused.txt")));
        await File.WriteAllTextAsync(Named("users.csv"), "email\nalice@example.test\nbob@example.test\n");
        Assert.Equal("1 added, 1 already there, 0 refused.", (await Run("users", "import", "users.csv")).Output.Trim());
    }

    [Theory]
    [InlineData("email,password\na@example.test,hunter2\n", "plain text")]
    [InlineData("[]", "jq -c")]
    [InlineData(null, "There is no file")]
    public async Task A_file_that_cannot_be_read_is_explained(string? text, string reason)
    {
        await Place.Install(data);
        if (text is not null) await File.WriteAllTextAsync(Named("users.csv"), text);

        var answer = await Run("users", "import", "users.csv");

        Assert.Equal((1, ""), (answer.Exit, answer.Output));
        Assert.Contains(reason, answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Error, StringComparison.Ordinal);
    }

    private string Named(string file) => Path.Combine(folder, file);

    private Task<ChildAnswer> Run(params string[] args) => Child.Run(folder, "", [.. args, "--data", data]);
}
