using Avouch.Protocol;
using Avouch.ResourceServer;
using BenchmarkDotNet.Attributes;

namespace Avouch.Benchmarks;

/// <summary>The tokens by themselves: minting, the check of a token that is new and of one that was seen before, and the refresh token's MAC.</summary>
[MemoryDiagnoser]
public class TokenBenchmark
{
    private const string Issuer = "https://auth.example.com";

    private readonly SigningKey es256 = SigningKey.Generate(JwsAlgorithm.ES256);
    private readonly SigningKey hs256 = SigningKey.Import(JwsAlgorithm.HS256, new byte[32]);
    private readonly RefreshKey refreshKey = new(1, new byte[RefreshKey.Length]);
    private AccessToken claims = null!;
    private RefreshKeys refreshKeys = null!;
    private KeyRing ring = null!;
    private TokenCheck check = null!;
    private string text = "", header = "", refreshText = "";

    [GlobalSetup]
    public void Prepare()
    {
        var now = TimeProvider.System.GetUtcNow();
        claims = new AccessToken
        {
            Issuer = Issuer,
            Subject = Guid.CreateVersion7(now),
            Audiences = [Issuer],
            ClientId = "avouch",
            SessionId = Guid.CreateVersion7(now),
            Epoch = 1,
            TokenId = Guid.CreateVersion7(now),
            Scope = Scope.Of("avouch:account"),
            Roles = ["user"],
            IssuedAt = now,
            ExpiresAt = now.AddDays(1),
        };
        text = claims.Mint(es256);
        header = "Bearer " + text;
        ring = new KeyRing(es256.Verification);
        check = new TokenCheck(Issuer, Issuer, ring, new RevocationView(TimeProvider.System), TimeProvider.System);
        if (check.Check(header).Token is null) throw new InvalidOperationException("The check refuses a good token.");
        refreshKeys = new RefreshKeys(refreshKey);
        refreshText = new RefreshToken(claims.SessionId, 7).Mint(refreshKey);
    }

    [Benchmark]
    public string Mint_ES256() => claims.Mint(es256);

    [Benchmark]
    public string Mint_HS256() => claims.Mint(hs256);

    [Benchmark]
    public bool Check_cold() => AccessToken.TryVerify(text, ring, Issuer, TimeProvider.System.GetUtcNow(), out _, out _);

    [Benchmark]
    public bool Check_cached() => check.Check(header).Token is not null;

    [Benchmark]
    public string Refresh_token_mint() => new RefreshToken(claims.SessionId, 7).Mint(refreshKey);

    [Benchmark]
    public bool Refresh_token_verify() => RefreshToken.TryVerify(refreshText, refreshKeys, out _);
}
