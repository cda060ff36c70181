using System.Text.RegularExpressions;

namespace Avouch.Server.Tests.House;

/// <summary>What docs/cryptography.md says is what the sources use.</summary>
public sealed partial class CryptographyTests
{
    /// <summary>Where hashes of other systems are verified, with whatever they are made of.</summary>
    private const string ForeignHashes = "src/Avouch.Server/Passwords/";

    /// <summary>What no platform has for us, by its name in the sources.</summary>
    private static readonly string[] WrittenHere = ["Argon2", "Blake2b", "Bcrypt", "BlowfishDigits", "Scrypt", "Salsa"];

    [Fact]
    [Trait("ASVS", "11.1.2")]
    public void Every_primitive_in_use_stands_in_the_inventory()
    {
        var inventory = Repository.Read("docs/cryptography.md").Split("\n## ").Single(section => section.StartsWith("Algorithms", StringComparison.Ordinal));
        var listed = InventoryRow().Matches(inventory).SelectMany(row => Name().Matches(row.Groups[1].Value)).Select(name => name.Groups[1].Value).Distinct();
        var used = Repository.Sources("src").SelectMany(file => Primitive().Matches(Code(file)).Select(match => match.Value)).Distinct().ToList();

        Assert.Equal(used.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.All(WrittenHere, primitive => Assert.Contains(primitive, used));
    }

    [Fact]
    [Trait("ASVS", "11.3.1")]
    [Trait("ASVS", "11.3.2")]
    public void Nothing_but_AES_GCM_encrypts() =>
        Assert.All(Repository.Sources("src").Where(file => !file.StartsWith(ForeignHashes, StringComparison.Ordinal)), file => Assert.DoesNotMatch(OtherCipher(), Code(file)));

    [Fact]
    [Trait("ASVS", "11.4.1")]
    [Trait("ASVS", "11.4.3")]
    public void No_broken_hash_is_used()
    {
        Assert.All(Repository.Sources("src"), file => Assert.DoesNotContain("MD5", Code(file), StringComparison.Ordinal));
        Assert.All(Repository.Sources("src").Where(file => !file.StartsWith(ForeignHashes, StringComparison.Ordinal)), file => Assert.DoesNotContain("SHA1", Code(file), StringComparison.Ordinal));
    }

    [Fact]
    [Trait("ASVS", "11.5.1")]
    public void Secrets_come_from_the_operating_system()
    {
        Assert.Contains("T:System.Random;", Repository.Read("eng/BannedSymbols.txt"), StringComparison.Ordinal);
        Assert.Contains("M:System.Guid.NewGuid()", Repository.Read("eng/BannedSymbols.txt"), StringComparison.Ordinal);
        Assert.All(Repository.Sources("src"), file => Assert.DoesNotMatch(@"#pragma warning disable RS0030|\bnew Random\(|\bRandom\.Shared\b", Code(file)));
    }

    /// <summary>A source without its comments, which speak of what is not used too.</summary>
    private static string Code(string file) => Comment().Replace(Repository.Read(file), "");

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b(AesGcm|AesCcm|Aes|ChaCha20Poly1305|TripleDES|DES|RC2|HKDF|Rfc2898DeriveBytes|ECDsa|ECDiffieHellman|RSA|DSA|MLDsa|HMACMD5|HMACSHA1|HMACSHA256|HMACSHA384|HMACSHA512|MD5|SHA1|SHA256|SHA384|SHA512|SHA3_\d+|RandomNumberGenerator|CryptographicOperations|Argon2|Blake2b|Bcrypt|BlowfishDigits|Scrypt|Salsa)\b")]
    private static partial Regex Primitive();

    /// <summary>Its second column, where the names of the code stand.</summary>
    [GeneratedRegex(@"^\| [^|]+ \| ([^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex InventoryRow();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"\b(Aes|AesCcm|AesCbc|TripleDES|DES|RC2|CipherMode|PaddingMode|RSAEncryptionPadding)\b|\b(Try)?(Encrypt|Decrypt)\w*\(.*RSA")]
    private static partial Regex OtherCipher();
}
