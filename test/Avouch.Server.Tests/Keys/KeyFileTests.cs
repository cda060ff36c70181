using System.Net;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Keys;

/// <summary>The master key and the secret of HS256: where they come from, and what is refused.</summary>
public sealed class KeyFileTests
{
    private const string Key = "00112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f";
    private const string Other = "ff112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f";

    [Fact]
    [Trait("ASVS", "11.5.1")]
    [Trait("ASVS", "7.2.3")]
    [Trait("ASVS", "13.3.2")]
    public async Task The_first_start_makes_a_random_key_that_only_its_owner_reads()
    {
        await using var one = await TestServer.Start();
        await using var other = await TestServer.Start();

        var path = Path.Combine(one.Folder, "secret.key");
        Assert.Equal(FileModes.OwnerOnly, FileModes.Of(path));
        Assert.Matches("^[0-9a-f]{64}\n$", await File.ReadAllTextAsync(path));
        Assert.NotEqual(await File.ReadAllTextAsync(path), await File.ReadAllTextAsync(Path.Combine(other.Folder, "secret.key")));
    }

    [Fact]
    public async Task A_given_key_leaves_no_file()
    {
        await using var server = await TestServer.Start(settings: ("AVOUCH_SECRET_KEY", Key));

        Assert.False(File.Exists(Path.Combine(server.Folder, "secret.key")));
    }

    [Fact]
    public async Task Another_master_key_is_refused_at_the_start_and_the_right_one_still_works()
    {
        await using var server = await TestServer.Start(settings: ("AVOUCH_SECRET_KEY", Key));
        using (var client = server.Client()) await client.Join("alice");

        var refusal = await Assert.ThrowsAsync<StartException>(() => server.Restart(("AVOUCH_SECRET_KEY", Other)));
        Assert.Contains("AVOUCH_SECRET_KEY", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Other, refusal.Message, StringComparison.Ordinal);

        await server.Restart(("AVOUCH_SECRET_KEY", Key));
        using var again = server.Client();
        await again.SignIn("alice");
    }

    [Fact]
    public async Task A_damaged_key_file_is_refused_at_the_start_and_not_replaced()
    {
        await using var server = await TestServer.Start();
        var path = Path.Combine(server.Folder, "secret.key");
        await File.WriteAllTextAsync(path, "short");

        var refusal = await Assert.ThrowsAsync<StartException>(() => server.Restart());

        Assert.Contains("secret.key", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("short", await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task A_missing_key_beside_a_database_is_told_and_no_other_is_made()
    {
        await using var server = await TestServer.Start();
        var path = Path.Combine(server.Folder, "secret.key");
        var kept = await File.ReadAllTextAsync(path);

        var refusal = await Assert.ThrowsAsync<StartException>(() => server.Restart(_ => File.Delete(path)));

        Assert.Contains("Put secret.key back from a backup, or give the key in AVOUCH_SECRET_KEY.", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
        await server.Restart(("AVOUCH_SECRET_KEY", kept.Trim()));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_key_file_that_can_be_guessed_is_refused()
    {
        await using var server = await TestServer.Start();

        var refusal = await Assert.ThrowsAsync<StartException>(() => server.Restart(folder => File.WriteAllText(Path.Combine(folder, "secret.key"), "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7")));

        Assert.Contains("the tutorial of FastAPI", refusal.Message, StringComparison.Ordinal);
    }

    // ASVS 9.1.2, 11.1.1
    [Fact]
    public async Task HS256_signs_with_its_own_secret_which_is_never_published()
    {
        await using var server = await TestServer.Start(settings: [("AVOUCH_ALGORITHM", "HS256"), ("AVOUCH_JWT_SECRET", Key)]);
        using var client = server.Client();
        var tokens = await client.Join("alice");

        Assert.Equal("HS256", tokens.Header.Text("alg"));
        Assert.Equal(HttpStatusCode.OK, (await client.Me(tokens)).Status);
        var keys = (await client.Get("/.well-known/jwks.json")).MustNotEcho(Key, "\"oct\"").Json.GetProperty("keys");
        Assert.DoesNotContain(keys.EnumerateArray(), key => key.Text("kid") == tokens.Header.Text("kid"));
    }

    [Fact]
    public async Task The_master_key_out_of_its_file_is_no_JWT_secret_either()
    {
        await using var server = await TestServer.Start();
        var master = Path.Combine(server.Folder, "secret.key");

        var refusal = await Assert.ThrowsAsync<StartException>(() => server.Restart(("AVOUCH_ALGORITHM", "HS256"), ("AVOUCH_JWT_SECRET_FILE", master)));

        Assert.Contains("AVOUCH_JWT_SECRET", refusal.Message, StringComparison.Ordinal);
    }

    // ASVS 11.3.2, 11.3.3
    [Fact]
    public async Task Private_keys_lie_sealed_in_the_database()
    {
        await using var server = await TestServer.Start();
        var sealedKeys = await server.Database.Read(statements => statements.List("SELECT private_key FROM signing_keys", static row => row.Bytes(0)));

        Assert.Equal(2, sealedKeys.Count);
        foreach (var bytes in sealedKeys)
        {
            using var key = System.Security.Cryptography.ECDsa.Create();
            Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => key.ImportPkcs8PrivateKey(bytes, out _));
            Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => key.ImportECPrivateKey(bytes, out _));
        }
        await server.Database.Write(transaction => transaction.Execute("UPDATE signing_keys SET private_key = zeroblob(100)"));
        await Assert.ThrowsAsync<StartException>(() => server.Restart());
    }
}
