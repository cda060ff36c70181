using System.Buffers.Binary;
using System.Security.Cryptography;
using Avouch.Server.Passwords;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Avouch.Server.Tests.Passwords;

public sealed class ForeignHashTests
{
    private const string Password = "correct horse 42";
    private const string Salt = "AAECAwQFBgcICQoLDA0ODw";
    private const string Key = "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    public static TheoryData<string, string, string> Samples
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var sample in ForeignSample.All) data.Add(sample.By, sample.Password, sample.Hash);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void What_another_library_hashed_verifies_and_nothing_else_does(string by, string password, string hash)
    {
        using HashBenches benches = new();
        Assert.True(benches.Matches(password, hash), by);
        Assert.False(benches.Matches("?" + password, hash), by);
        Assert.True(ForeignHash.Parse(hash).Hash!.NeedsRehash(new PasswordHashSettings().Parameters), by);
    }

    [Theory]
    [InlineData("bcrypt", "$2a$"), InlineData("bcrypt", "$2b$"), InlineData("bcryptjs", "$2"), InlineData("passlib", "$2y$"), InlineData("passlib", "$bcrypt-sha256$")]
    [InlineData("passlib", "$pbkdf2$"), InlineData("passlib", "$pbkdf2-sha256$"), InlineData("passlib", "$pbkdf2-sha512$"), InlineData("passlib", "$scrypt$")]
    [InlineData("argon2-cffi", "$argon2i$"), InlineData("argon2-cffi", "$argon2d$"), InlineData("argon2-cffi", "$argon2id$")]
    [InlineData("Django 3", "pbkdf2_sha256$"), InlineData("Django 3", "pbkdf2_sha1$"), InlineData("Django 3", "argon2$"), InlineData("Django 3", "bcrypt_sha256$"), InlineData("Django 3", "bcrypt$")]
    [InlineData("Django's", "scrypt$"), InlineData("better-auth", ""), InlineData("firebase-scrypt", "$fbscrypt$")]
    public void Every_scheme_has_samples_with_plain_wide_and_long_passwords(string by, string start) => Assert.True(
        ForeignSample.All.Where(sample => sample.By.StartsWith(by, StringComparison.Ordinal) && sample.Hash.StartsWith(start, StringComparison.Ordinal)).DistinctBy(sample => sample.Password).Count() >= 3);

    [Theory]
    [InlineData(PasswordHasherCompatibilityMode.IdentityV2)]
    [InlineData(PasswordHasherCompatibilityMode.IdentityV3)]
    public void What_ASPNET_Core_Identity_hashed_verifies(PasswordHasherCompatibilityMode mode)
    {
        using HashBenches benches = new();
        foreach (string password in (string[])[Password, "pässwörd 🔑", new string('x', 200)])
        {
            string hash = Identity(mode).HashPassword(this, password);
            Assert.True(benches.Matches(password, hash));
            Assert.False(benches.Matches(password + "?", hash));
        }
    }

    [Theory]
    [InlineData(0, 20), InlineData(0, 32), InlineData(1, 32), InlineData(2, 32), InlineData(2, 64)]
    public void Every_function_of_Identity_three_verifies_here_and_there(int function, int keyBytes)
    {
        HashAlgorithmName[] names = [HashAlgorithmName.SHA1, HashAlgorithmName.SHA256, HashAlgorithmName.SHA512];
        byte[] salt = RandomNumberGenerator.GetBytes(16);
        byte[] blob = new byte[13 + salt.Length + keyBytes];
        blob[0] = 1;
        foreach (var (place, number) in ((int, int)[])[(1, function), (5, 3000), (9, salt.Length)]) BinaryPrimitives.WriteInt32BigEndian(blob.AsSpan(place), number);
        salt.CopyTo(blob, 13);
        Rfc2898DeriveBytes.Pbkdf2(Password, salt, blob.AsSpan(29), 3000, names[function]);
        string hash = Convert.ToBase64String(blob);

        using HashBenches benches = new();
        Assert.NotEqual(PasswordVerificationResult.Failed, Identity(PasswordHasherCompatibilityMode.IdentityV3).VerifyHashedPassword(this, hash, Password));
        Assert.True(benches.Matches(Password, hash));
        Assert.False(benches.Matches("wrong", hash));
    }

    [Fact]
    public void A_hash_of_Firebase_in_the_tests_of_Supabase_verifies()
    {
        const string Hash = "$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=ou9tdYTGyYm8kuR6Dt0Bp0kDuAYoXrK16mbZO4yGwAn3oLspjnN0/c41v8xZnO1n14J3MjKj1b2g6AUCAlFwMw==$C0sHCg9ek77hsg==$zKVTMvnWVw5BBOZNUdnsalx4c4c7y/w7IS5p6Ut2+CfEFFlz37J9huyQfov4iizN8dbjvEJlM5tQaJP84+hfTw==";
        using HashBenches benches = new();
        Assert.True(benches.Matches("mytestpassword", Hash));
        Assert.True(benches.Matches("mytestpassword", Hash.Replace("sk=ou9tdYTGyYm8kuR6Dt0Bp0kDuAYoXrK16mbZO4yGwAn3oLspjnN0/", "sk=ou9tdYTGyYm8kuR6Dt0Bp0kDuAYoXrK16mbZO4yGwAn3oLspjnN0_", StringComparison.Ordinal)));
        Assert.False(benches.Matches("mytestpassword", Hash.Replace("ss=Bw==", "ss=Bg==", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(null, "no hash")]
    [InlineData("", "no hash")]
    [InlineData("$2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm ", "space")]
    [InlineData("$2b$15$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm", "limit of 14")]
    [InlineData("$2b$31$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm", "limit of 14")]
    [InlineData("$2b$03$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm", "not a bcrypt hash")]
    [InlineData("$2x$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e", "known fault")]
    [InlineData("$bcrypt-sha256$v=2,t=2b,r=15$MLBYvag2GyKl2DgQu83jRe$CtlDmDb2K8aqmC.KuCIEtmWDhEP71GG", "limit of 14")]
    [InlineData("pbkdf2_sha256$2000001$salt$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4=", "limit of 2000000")]
    [InlineData("pbkdf2_sha256$99999999999$salt$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4=", "not a PBKDF2")]
    [InlineData("pbkdf2_sha256$0$salt$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4=", "not a PBKDF2")]
    [InlineData("pbkdf2_sha256$1000$salt$AAAA", "not a PBKDF2")]
    [InlineData("pbkdf2_md5$1000$salt$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4=", "no scheme")]
    [InlineData($"$pbkdf2-sha256$2000001${Salt}${Key}", "limit of 2000000")]
    [InlineData($"$scrypt$ln=18,r=8,p=1${Salt}${Key}", "128 MiB")]
    [InlineData($"$scrypt$ln=17,r=8,p=5${Salt}${Key}", "512 MiB")]
    [InlineData($"$scrypt$ln=30,r=2000000000,p=2000000000${Salt}${Key}", "128 MiB")]
    [InlineData($"$scrypt$ln=31,r=8,p=1${Salt}${Key}", "not a scrypt hash")]
    [InlineData("scrypt$16383$salt$8$1$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4=", "not a scrypt hash")]
    [InlineData("scrypt$16384$salt$0$1$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4=", "not a scrypt hash")]
    [InlineData("00ff:00ff", "not a scrypt hash")]
    [InlineData("$fbscrypt$v=1,n=18,r=8,p=1,ss=Bw==,sk=nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4=$AAAA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4=", "128 MiB")]
    [InlineData("$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==$AAAA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4=", "not a Firebase hash")]
    [InlineData($"$argon2i$v=19$m=131073,t=1,p=1${Salt}${Key}", "128 MiB")]
    [InlineData($"$argon2i$v=19$m=131072,t=5,p=1${Salt}${Key}", "512 MiB")]
    [InlineData($"$argon2d$v=18$m=64,t=1,p=1${Salt}${Key}", "not an Argon2 hash")]
    [InlineData("argon2$$argon2id$v=19$m=64,t=1,p=1$AAAA$AAAA", "not an Argon2 hash")]
    [InlineData("AgAAAAEAACcQAAAAEFHLTcCwHWzSnyfYIT3eF5xJwlpxuSPdbI+dILYHJLhtcfNmYeRXQOXoQ+XrjtcxTQ==", "no scheme")]
    [InlineData("AQAAAAMAACcQAAAAEFHLTcCwHWzSnyfYIT3eF5xJwlpxuSPdbI+dILYHJLhtcfNmYeRXQOXoQ+XrjtcxTQ==", "not a PBKDF2")]
    [InlineData("$6$rounds=5000$salt$hash", "no scheme")]
    [InlineData("$1$salt$hash", "no scheme")]
    [InlineData("5f4dcc3b5aa765d61d8327deb882cf99", "no scheme")]
    [InlineData("!", "no scheme")]
    [InlineData("$", "no scheme")]
    public void What_is_not_taken_is_refused_with_a_reason_that_does_not_show_it(string? text, string reason)
    {
        var parsed = ForeignHash.Parse(text);
        Assert.Null(parsed.Hash);
        Assert.Contains(reason, parsed.Fault, StringComparison.Ordinal);
        if (text is { Length: > 4 }) Assert.DoesNotContain(text[4..], parsed.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_of_a_megabyte_is_refused() => Assert.Contains("longer", ForeignHash.Parse(new string('$', 1 << 20)).Fault, StringComparison.Ordinal);

    [Fact]
    public void Any_cut_of_any_hash_is_refused_or_of_another_password()
    {
        using HashBenches benches = new();
        foreach (var sample in ForeignSample.All.Where(sample => sample.Password == Password))
            for (int length = 0; length < sample.Hash.Length; length += 3)
                if (ForeignHash.TryParse(sample.Hash[..length], out var hash) && hash.Work.Amount < 1 << 14)
                    Assert.False(benches.Matches(Password, sample.Hash[..length]), sample.Hash[..length]);
    }

    private static PasswordHasher<object> Identity(PasswordHasherCompatibilityMode mode) => new(Options.Create(new PasswordHasherOptions { CompatibilityMode = mode }));
}
