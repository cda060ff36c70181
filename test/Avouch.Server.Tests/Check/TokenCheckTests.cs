using Avouch.Protocol;
using Avouch.ResourceServer;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Check;

public sealed class TokenCheckTests : IDisposable
{
    private const string Issuer = "https://auth.example.test";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    private readonly ManualTime time = new();
    private readonly SigningKey key = SigningKey.Generate(JwsAlgorithm.ES256);
    private readonly RevocationView revocations;
    private readonly TokenCheck check;

    public TokenCheckTests()
    {
        revocations = new RevocationView(time);
        check = new TokenCheck(Issuer, Issuer, new KeyRing(key.Verification), revocations, time, capacity: 16);
    }

    public void Dispose() => key.Dispose();

    [Fact]
    public void A_token_counts_each_time_it_is_shown()
    {
        var header = "Bearer " + Token().Mint(key);

        var first = check.Check(header);
        var second = check.Check(header);

        Assert.NotNull(first.Token);
        Assert.Same(first.Token, second.Token);   // the second time it came out of the cache
    }

    [Fact]
    public void A_remembered_token_is_refused_at_the_second_of_its_expiry()
    {
        var header = "Bearer " + Token().Mint(key);
        Assert.NotNull(check.Check(header).Token);

        time.Advance(Life - TimeSpan.FromSeconds(1));
        Assert.NotNull(check.Check(header).Token);

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TokenFault.Expired, check.Check(header).Fault);
    }

    [Fact]
    public void A_remembered_token_is_refused_once_its_session_has_ended()
    {
        var token = Token();
        var header = "Bearer " + token.Mint(key);
        Assert.NotNull(check.Check(header).Token);

        revocations.EndSession(token.SessionId, token.ExpiresAt, cause: 7);

        Assert.Equal(new Revocation(RevocationKind.SessionEnded, 7), check.Check(header).Revocation);
        Assert.NotNull(check.Check("Bearer " + Token().Mint(key)).Token);
    }

    [Fact]
    public void A_token_below_its_users_epoch_is_refused_and_one_at_it_counts()
    {
        var old = Token();
        var fresh = old with { Epoch = 2, TokenId = Guid.CreateVersion7() };
        revocations.RaiseEpoch(old.Subject, 2, old.ExpiresAt, cause: 8);
        revocations.RaiseEpoch(old.Subject, 1, old.ExpiresAt, cause: 3);   // late news changes nothing

        Assert.Equal(new Revocation(RevocationKind.UserChanged, 8), check.Check("Bearer " + old.Mint(key)).Revocation);
        Assert.NotNull(check.Check("Bearer " + fresh.Mint(key)).Token);
    }

    [Fact]
    public void A_remembered_token_is_refused_once_its_key_is_withdrawn()
    {
        using var other = SigningKey.Generate(JwsAlgorithm.ES256);
        var header = "Bearer " + Token().Mint(key);
        Assert.NotNull(check.Check(header).Token);

        check.Keys = new KeyRing(other.Verification);

        Assert.Equal(TokenFault.UnknownKey, check.Check(header).Fault);
    }

    [Fact]
    [Trait("ASVS", "9.2.3")]
    public void A_token_for_another_audience_is_refused_and_not_remembered()
    {
        var header = "Bearer " + (Token() with { Audiences = ["https://api.example.test"] }).Mint(key);

        Assert.Equal(TokenFault.WrongAudience, check.Check(header).Fault);
        Assert.Equal(TokenFault.WrongAudience, check.Check(header).Fault);
    }

    [Fact]
    public void Another_text_with_the_same_end_is_another_token()
    {
        var header = "Bearer " + Token().Mint(key);
        Assert.NotNull(check.Check(header).Token);
        var forged = string.Concat("Bearer A", header.AsSpan("Bearer A".Length));

        Assert.Null(check.Check(forged).Token);
    }

    [Fact]
    public void A_remembered_token_with_any_other_character_is_another_token()
    {
        var header = "Bearer " + Token().Mint(key);
        Assert.NotNull(check.Check(header).Token);

        for (var i = "Bearer ".Length; i < header.Length; i++)
        {
            var changed = header.ToCharArray();
            changed[i] ^= (char)1;
            Assert.Null(check.Check(new string(changed)).Token);
        }
        Assert.NotNull(check.Check(header).Token);
    }

    [Fact]
    public void More_tokens_than_places_are_all_checked_right()
    {
        var headers = Enumerable.Range(0, 500).Select(_ => "Bearer " + Token().Mint(key)).ToList();

        for (var round = 0; round < 2; round++)
            Assert.All(headers, header => Assert.NotNull(check.Check(header).Token));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Basic YWxpY2U6cGFzc3dvcmQ=")]
    [InlineData("Bearer")]
    public void Without_a_bearer_token_nothing_is_said_about_one(string? header) => Assert.True(check.Check(header).IsMissing);

    [Fact]
    public void What_was_taken_back_is_forgotten_when_no_token_can_be_alive()
    {
        var token = Token();
        revocations.EndSession(token.SessionId, token.ExpiresAt, cause: 1);
        revocations.RaiseEpoch(token.Subject, 2, token.ExpiresAt, cause: 2);

        time.Advance(Life + RevocationView.Slack);
        revocations.Sweep();
        Assert.Equal(2, revocations.Count);

        time.Advance(TimeSpan.FromSeconds(1));
        revocations.Sweep();
        Assert.Equal(0, revocations.Count);
    }

    private AccessToken Token() => new()
    {
        Issuer = Issuer,
        Subject = Guid.CreateVersion7(),
        Audiences = [Issuer],
        ClientId = "avouch",
        SessionId = Guid.CreateVersion7(),
        Epoch = 1,
        TokenId = Guid.CreateVersion7(),
        Scope = Scope.Of("avouch:account"),
        Roles = ["user"],
        IssuedAt = time.GetUtcNow(),
        ExpiresAt = time.GetUtcNow() + Life,
    };
}
