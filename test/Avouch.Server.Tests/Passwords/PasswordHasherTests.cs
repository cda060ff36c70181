using Avouch.Server.Passwords;

namespace Avouch.Server.Tests.Passwords;

public sealed class PasswordHasherTests
{
    private const string Address = "192.0.2.1";
    private const string Password = "correct horse battery staple";
    private static readonly PasswordHashSettings Cheap = new() { MemoryKiB = 64, Iterations = 2, Lanes = 2 };

    [Fact]
    public async Task A_password_verifies_against_its_hash_and_no_other_does()
    {
        using PasswordHasher hasher = new(Cheap, TimeProvider.System);
        string stored = await Hash(hasher, Password);
        Assert.StartsWith("$argon2id$v=19$m=64,t=2,p=1$", stored);
        Assert.Equal(new VerifyResult(VerifyOutcome.Right, TimeSpan.Zero, null), await Verify(hasher, Password, stored));
        Assert.Equal(new VerifyResult(VerifyOutcome.Wrong, TimeSpan.Zero, null), await Verify(hasher, Password + " ", stored));
    }

    [Fact]
    public async Task A_hash_of_the_reference_implementation_verifies()
    {
        using PasswordHasher hasher = new(Cheap, TimeProvider.System);
        const string Stored = "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc"; // its own test.c
        Assert.Equal(VerifyOutcome.Right, (await Verify(hasher, "password", Stored)).Outcome);
        Assert.Equal(VerifyOutcome.Wrong, (await Verify(hasher, "Password", Stored)).Outcome);
    }

    [Theory]
    [Trait("ASVS", "6.2.8")]
    [InlineData("passwordpassword", "passwordPassword")] // case
    [InlineData("passwordpassword", "passwordpassword\0")] // what follows a NUL
    [InlineData("p\u00E4ssword long", "pa\u0308ssword long")] // two spellings of one letter
    public async Task Passwords_are_compared_exactly_as_typed(string set, string typed)
    {
        using PasswordHasher hasher = new(Cheap, TimeProvider.System);
        string stored = await Hash(hasher, set);
        Assert.Equal(VerifyOutcome.Right, (await Verify(hasher, set, stored)).Outcome);
        Assert.Equal(VerifyOutcome.Wrong, (await Verify(hasher, typed, stored)).Outcome);
    }

    [Fact]
    public async Task What_cannot_be_encoded_does_not_match_its_replacement()
    {
        using PasswordHasher hasher = new(Cheap, TimeProvider.System);
        string stored = await Hash(hasher, "password\uFFFD");
        Assert.Equal(VerifyOutcome.Wrong, (await Verify(hasher, "password\uD800", stored)).Outcome);
    }

    [Fact]
    [Trait("ASVS", "6.2.9")]
    public async Task The_last_of_256_characters_counts()
    {
        using PasswordHasher hasher = new(Cheap, TimeProvider.System);
        string start = string.Concat(Enumerable.Repeat("👍", 255));
        string stored = await Hash(hasher, start + "👍");
        Assert.Equal(VerifyOutcome.Right, (await Verify(hasher, start + "👍", stored)).Outcome);
        Assert.Equal(VerifyOutcome.Wrong, (await Verify(hasher, start + "👎", stored)).Outcome);
    }

    [Fact]
    public async Task Two_hashes_of_one_password_differ()
    {
        using PasswordHasher hasher = new(Cheap, TimeProvider.System);
        Assert.NotEqual(await Hash(hasher, Password), await Hash(hasher, Password));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("$2b$12$not.ours")]
    public async Task A_user_who_does_not_exist_costs_the_same_and_is_never_right(string? storedHash)
    {
        using PasswordHasher hasher = new(Cheap, TimeProvider.System);
        string stored = await Hash(hasher, Password);
        long start = hasher.BlocksFilled;
        await Verify(hasher, "wrong", stored);
        long known = hasher.BlocksFilled;
        Assert.Equal(new VerifyResult(VerifyOutcome.Wrong, TimeSpan.Zero, null), await Verify(hasher, Password, storedHash));
        Assert.Equal(2 * 64 - 2, known - start);
        Assert.Equal(known - start, hasher.BlocksFilled - known);
    }

    [Fact]
    [Trait("ASVS", "11.4.2")]
    public async Task A_right_password_is_rehashed_when_the_settings_have_risen()
    {
        using PasswordHasher before = new(Cheap, TimeProvider.System);
        using PasswordHasher after = new(Cheap with { Iterations = 3 }, TimeProvider.System);
        string stored = await Hash(before, Password);

        Assert.Null((await Verify(after, "wrong", stored)).Rehashed);
        string? rehashed = (await Verify(after, Password, stored)).Rehashed;
        Assert.StartsWith("$argon2id$v=19$m=64,t=3,p=1$", rehashed);
        Assert.Equal(new VerifyResult(VerifyOutcome.Right, TimeSpan.Zero, null), await Verify(after, Password, rehashed));
    }

    [Fact]
    public async Task When_the_queue_is_full_everybody_is_told_to_come_back()
    {
        HashLanes lanes = new(1, 1, TimeProvider.System);
        using PasswordHasher hasher = new(Cheap, lanes);
        using LaneGate gate = new(lanes);
        var waiting = hasher.Hash(Password, Address, default).AsTask();

        var hash = await hasher.Hash(Password, "192.0.2.2", default);
        var verify = await hasher.Verify(Password, null, "192.0.2.2", default);
        Assert.True(hash.IsBusy && hash.RetryAfter >= TimeSpan.FromSeconds(1));
        Assert.Equal((VerifyOutcome.Busy, null), (verify.Outcome, verify.Rehashed));
        Assert.True(verify.RetryAfter >= TimeSpan.FromSeconds(1));
        Assert.Equal((1, 1), (hasher.Lanes, hasher.Queued));

        gate.Open();
        Assert.False((await waiting).IsBusy);
    }

    [Fact]
    public async Task A_client_that_goes_while_it_waits_burns_no_hash()
    {
        HashLanes lanes = new(1, 8, TimeProvider.System);
        using PasswordHasher hasher = new(Cheap, lanes);
        using LaneGate gate = new(lanes);
        using CancellationTokenSource gone = new();
        var waiting = hasher.Verify(Password, null, Address, gone.Token).AsTask();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        gate.Open();
        hasher.Dispose();
        Assert.Equal(0, hasher.BlocksFilled);
    }

    [Fact]
    public async Task A_closed_hasher_is_busy()
    {
        PasswordHasher hasher = new(Cheap, TimeProvider.System);
        hasher.Dispose();
        Assert.Equal(VerifyOutcome.Busy, (await Verify(hasher, Password, null)).Outcome);
        Assert.True((await hasher.Hash(Password, Address, default)).IsBusy);
    }

    [Theory]
    [InlineData(PasswordHash.MaxMemoryKiB + 1, 1, 1), InlineData(64, 0, 1), InlineData(15, 1, 2), InlineData(64, 1, 17)]
    public void Costs_that_could_not_be_read_back_are_refused(int memoryKiB, int iterations, int parallelism) =>
        Assert.Throws<ArgumentException>(() => new PasswordHasher(
            Cheap with { MemoryKiB = memoryKiB, Iterations = iterations, Parallelism = parallelism }, TimeProvider.System));

    private static async Task<string> Hash(PasswordHasher hasher, string password)
    {
        string? hash = (await hasher.Hash(password, Address, default)).Hash;
        Assert.NotNull(hash);
        return hash;
    }

    private static async Task<VerifyResult> Verify(PasswordHasher hasher, string password, string? storedHash) =>
        await hasher.Verify(password, storedHash, Address, default);
}
