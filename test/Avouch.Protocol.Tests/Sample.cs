using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Avouch.Protocol.Tests;

/// <summary>One issuer with its keys and clock, tokens of it, and the tools to bend them.</summary>
internal static class Sample
{
    public const string Issuer = "https://login.example.com";

    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly SigningKey Es256 = SigningKey.Generate(JwsAlgorithm.ES256);
    public static readonly SigningKey Hs256 = SigningKey.Import(JwsAlgorithm.HS256, "a secret of more than thirty-two bytes"u8);
    public static readonly SigningKey Es384 = SigningKey.Generate(JwsAlgorithm.ES384);
    public static readonly SigningKey Rs256 = ShortRsa(JwsAlgorithm.RS256);
    public static readonly SigningKey Ps256 = ShortRsa(JwsAlgorithm.PS256);
    public static readonly SigningKey[] All = [Hs256, Es256, Es384, Rs256, Ps256];
    public static readonly KeyRing Keys = new(All.Select(key => key.Verification));

    public static TheoryData<JwsAlgorithm> Algorithms => [.. Enum.GetValues<JwsAlgorithm>()];

    public static SigningKey Key(JwsAlgorithm algorithm) => Array.Find(All, key => key.Algorithm == algorithm)!;

    /// <summary>2048 bits: made in a moment.</summary>
    public static SigningKey ShortRsa(JwsAlgorithm algorithm)
    {
        using var rsa = RSA.Create(2048);
        return SigningKey.Import(algorithm, rsa.ExportPkcs8PrivateKey());
    }

    public static AccessToken Token() => new()
    {
        Issuer = Issuer,
        Subject = Guid.Parse("0195a1c0-0000-7000-8000-000000000001"),
        Audiences = [Issuer],
        ClientId = "avouch",
        SessionId = Guid.Parse("0195a1c0-0000-7000-8000-000000000002"),
        Epoch = 7,
        TokenId = Guid.Parse("0195a1c0-0000-7000-8000-000000000003"),
        Scope = Scope.Of("avouch:account", "openid"),
        Roles = ["admin", "user"],
        IssuedAt = Now,
        ExpiresAt = Now.AddMinutes(15),
        AuthenticatedAt = Now.AddHours(-1),
    };

    public static TokenFault Verify(string token, DateTimeOffset? now = null, KeyRing? keys = null)
    {
        var accepted = AccessToken.TryVerify(token, keys ?? Keys, Issuer, now ?? Now, out var verified, out var fault);
        Assert.Equal(accepted, fault == TokenFault.None);
        Assert.Equal(accepted, verified is not null);
        return fault;
    }

    /// <summary>Signs any header and any claims, past every rule of the writer.</summary>
    public static string Forge(string header, string claims, SigningKey? key = null) =>
        Forge(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(claims), key);

    public static string Forge(byte[] header, byte[] claims, SigningKey? key = null)
    {
        key ??= Es256;
        var input = $"{Base64UrlStrict.Encode(header)}.{Base64UrlStrict.Encode(claims)}";
        return $"{input}.{Base64UrlStrict.Encode(SignatureOf(input, key))}";
    }

    public static byte[] SignatureOf(string input, SigningKey key)
    {
        var signature = new byte[key.SignatureLength];
        key.Sign(Encoding.UTF8.GetBytes(input), signature);
        return signature;
    }

    public static string Header(SigningKey? key = null) =>
        $$"""{"alg":"{{(key ?? Es256).Algorithm.Name()}}","kid":"{{(key ?? Es256).KeyId}}","typ":"at+jwt"}""";

    public static JsonObject Claims()
    {
        var payload = new byte[Jws.MaxLength];
        Assert.True(Base64UrlStrict.TryDecode(Token().Mint(Es256).Split('.')[1], payload, out var length));
        return JsonNode.Parse(payload.AsSpan(0, length))!.AsObject();
    }
}
