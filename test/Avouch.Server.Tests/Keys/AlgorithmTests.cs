using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Avouch.Server.Keys;
using Avouch.Server.Tests.Harness;
using static System.Buffers.Text.Base64Url;

namespace Avouch.Server.Tests.Keys;

/// <summary><c>AVOUCH_ALGORITHM</c>: what is signed can be checked by anybody with the published keys and the platform's own cryptography.</summary>
public sealed class AlgorithmTests : ServerTests
{
    private const string Secret = "00112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f";

    private static readonly (string, string)[] Hs256 = [("AVOUCH_ALGORITHM", "HS256"), ("AVOUCH_JWT_SECRET", Secret)];

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("RS256")]
    [InlineData("PS256")]
    public async Task Its_tokens_work_and_verify_from_the_key_set_alone(string algorithm)
    {
        await using var server = await TestServer.Start(settings: ("AVOUCH_ALGORITHM", algorithm));
        using var client = server.Client();
        var tokens = await client.Join("alice");

        Assert.Equal((algorithm, HttpStatusCode.OK), (tokens.Header.Text("alg"), (await client.Me(tokens)).Status));
        var keys = (await client.Get("/.well-known/jwks.json")).Json.GetProperty("keys").EnumerateArray().ToList();
        Assert.Equal(2, keys.Count);   // the one that signs, and the next
        Assert.All(keys, key => Assert.Equal((algorithm, "sig"), (key.Text("alg"), key.Text("use"))));
        Assert.All(keys, key => Assert.DoesNotContain(key.EnumerateObject(), member => member.Name is "d" or "k" or "p" or "q" or "dp" or "dq" or "qi"));
        var key = keys.Single(one => one.Text("kid") == tokens.Header.Text("kid"));
        Assert.True(Verify(key, tokens.AccessToken));
        Assert.False(Verify(keys.Single(one => one.Text("kid") != tokens.Header.Text("kid")), tokens.AccessToken));
        Assert.False(Verify(key, tokens.AccessToken.Replace(".eyJpc3Mi", ".eyJpc3Mj", StringComparison.Ordinal)));
        Assert.Equal(algorithm, (await client.Refresh(tokens)).Header.Text("alg"));
    }

    [Theory]
    [InlineData("ES384", "jwks-es384")]
    [InlineData("RS256", "jwks-rs256")]
    [InlineData("PS256", "jwks-ps256")]
    public async Task Its_key_set_keeps_its_form(string algorithm, string golden)
    {
        await using var fresh = await TestServer.Start(settings: ("AVOUCH_ALGORITHM", algorithm));
        using var client = fresh.Client();
        (await client.Get("/.well-known/jwks.json")).Json.MustMatchGolden(golden);
    }

    [Fact]
    public async Task HS256_verifies_with_the_secret_alone()
    {
        await Restart(Hs256);
        var tokens = await Client.Join("alice");
        var at = tokens.AccessToken.LastIndexOf('.');

        Assert.Equal(HttpStatusCode.OK, (await Client.Me(tokens)).Status);
        Assert.Equal(
            HMACSHA256.HashData(Convert.FromHexString(Secret), Encoding.ASCII.GetBytes(tokens.AccessToken[..at])),
            DecodeFromChars(tokens.AccessToken.AsSpan(at + 1)));
    }

    [Theory]
    [InlineData("RS256", 384)]
    [InlineData("PS256", 384)]
    public async Task New_RSA_keys_have_3072_bits(string algorithm, int bytes)
    {
        await Restart(("AVOUCH_ALGORITHM", algorithm));

        var key = (await KeySet()).Single(one => one.Text("kty") == "RSA");

        Assert.Equal((bytes, "AQAB"), (DecodeFromChars(key.Text("n")).Length, key.Text("e")));
    }

    [Fact]
    public async Task After_a_change_the_new_key_is_published_ahead_and_signs_ten_minutes_later()
    {
        var before = await Client.Join("alice");

        await Restart(("AVOUCH_ALGORITHM", "RS256"));
        var published = (await KeySet()).Single(key => key.Text("alg") == "RS256").Text("kid");
        Assert.Equal("ES256", (await Client.Refresh(before)).Header.Text("alg"));

        Pass(SigningKeys.PublishAhead - TimeSpan.FromSeconds(1));
        Assert.False(await Server.Get<SigningKeys>().RotateIfDue());
        Assert.Equal("ES256", (await Client.SignIn("alice")).Header.Text("alg"));

        Pass(TimeSpan.FromSeconds(1));
        await WaitForSigner("RS256");
        var after = await Client.SignIn("alice");
        Assert.Equal(("RS256", published), (after.Header.Text("alg"), after.Header.Text("kid")));
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(after)).Status);
        Assert.True(Verify((await KeySet()).Single(key => key.Text("kid") == published), after.AccessToken));
    }

    [Fact]
    public async Task A_key_is_published_twice_as_long_as_caches_keep_the_set_before_it_signs()
    {
        var cached = (await Client.Get("/.well-known/jwks.json")).Headers["Cache-Control"].Split("max-age=")[1];

        Assert.InRange(SigningKeys.PublishAhead.TotalSeconds, 2 * int.Parse(cached, System.Globalization.CultureInfo.InvariantCulture), 3600);
    }

    [Fact]
    public async Task After_a_change_old_tokens_count_until_they_expire_and_their_key_is_published_as_long()
    {
        var before = await Client.Join("alice");

        await Restart(("AVOUCH_ALGORITHM", "RS256"));
        Pass(SigningKeys.PublishAhead);
        await WaitForSigner("RS256");

        Assert.Equal("RS256", (await Client.SignIn("alice")).Header.Text("alg"));
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(before)).Status);
        Assert.True(Verify((await KeySet()).Single(key => key.Text("kid") == before.Header.Text("kid")), before.AccessToken));
        Pass(TimeSpan.FromMinutes(5));
        (await Client.Me(before)).MustBe(HttpStatusCode.Unauthorized, "token_expired");
        Assert.Equal("RS256", (await Client.Refresh(before)).Header.Text("alg"));
    }

    [Fact]
    public async Task A_change_that_is_taken_back_in_time_changes_nothing()
    {
        var before = await Client.Join("alice");

        await Restart(("AVOUCH_ALGORITHM", "ES384"));
        await Restart();
        Pass(SigningKeys.PublishAhead);
        Assert.False(await Server.Get<SigningKeys>().RotateIfDue());

        var states = (await Server.Get<SigningKeys>().List()).GroupBy(key => key.State).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal((1, 1, 2), (states[KeyState.Signing], states[KeyState.Next], states[KeyState.Retired]));
        Assert.Equal(before.Header.Text("kid"), (await Client.SignIn("alice")).Header.Text("kid"));
    }

    [Fact]
    public async Task When_the_old_key_is_withdrawn_the_new_algorithm_does_not_wait()
    {
        var before = await Client.Join("alice");
        await Restart(("AVOUCH_ALGORITHM", "PS256"));

        Assert.True(await Server.Get<SigningKeys>().Withdraw(before.Header.Text("kid")));

        (await Client.Me(before)).MustBe(HttpStatusCode.Unauthorized, "invalid_token");
        Assert.Equal("PS256", (await Client.Refresh(before)).Header.Text("alg"));
    }

    [Fact]
    public async Task Keys_withdrawn_one_after_the_other_and_at_once_leave_one_that_signs_and_one_that_is_next()
    {
        var tokens = await Client.Join("alice");
        var keys = Server.Get<SigningKeys>();
        for (var round = 0; round < 5; round++)
        {
            var all = (await keys.List()).Where(key => key.State is KeyState.Signing or KeyState.Next).Select(key => key.KeyId).ToList();

            Assert.All(await Task.WhenAll(all.Select(key => keys.Withdraw(key))), Assert.True);

            Assert.Single(await keys.List(), key => key.State == KeyState.Signing);
            Assert.Single(await keys.List(), key => key.State == KeyState.Next);
            tokens = await Client.Refresh(tokens);
            Assert.Equal(HttpStatusCode.OK, (await Client.Me(tokens)).Status);
        }
    }

    [Fact]
    public async Task Whoever_leaves_HS256_is_signed_in_still_and_only_refreshes()
    {
        await Restart(Hs256);
        var before = await Client.Join("alice");

        await Restart(("AVOUCH_JWT_SECRET", Secret));

        (await Client.Me(before)).MustBe(HttpStatusCode.Unauthorized, "invalid_token");   // whoever knows the secret could go on making tokens
        var after = await Client.Refresh(before);
        Assert.Equal(("ES256", before.SessionId), (after.Header.Text("alg"), after.SessionId));
    }

    /// <summary>This call or the housekeeping of that minute rotates, whoever comes first.</summary>
    private async Task WaitForSigner(string algorithm)
    {
        var keys = Server.Get<SigningKeys>();
        await keys.RotateIfDue();
        Assert.True(SpinWait.SpinUntil(() => keys.Current.Signer.Algorithm.ToString() == algorithm, TimeSpan.FromSeconds(30)));
    }

    private async Task<List<JsonElement>> KeySet() =>
        [.. (await Client.Get("/.well-known/jwks.json")).Json.GetProperty("keys").EnumerateArray()];

    /// <summary>With nothing of ours: what any other program would do.</summary>
    private static bool Verify(JsonElement key, string token)
    {
        var at = token.LastIndexOf('.');
        var (input, signature) = (Encoding.ASCII.GetBytes(token[..at]), DecodeFromChars(token.AsSpan(at + 1)));
        if (key.Text("kty") == "RSA")
        {
            using var rsa = RSA.Create(new RSAParameters { Modulus = DecodeFromChars(key.Text("n")), Exponent = DecodeFromChars(key.Text("e")) });
            return rsa.VerifyData(input, signature, HashAlgorithmName.SHA256, key.Text("alg") == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
        }
        var (curve, hash) = key.Text("crv") == "P-384" ? (ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384) : (ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256);
        using var ecdsa = ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = DecodeFromChars(key.Text("x")), Y = DecodeFromChars(key.Text("y")) } });
        return ecdsa.VerifyData(input, signature, hash);
    }
}
