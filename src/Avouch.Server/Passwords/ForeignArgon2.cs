namespace Avouch.Server.Passwords;

/// <summary>
/// Argon2 of any type and version, as argon2-cffi, pwdlib, PHP and the reference implementation write it:
/// <c>argon2i$v=19$m=65536,t=3,p=4$salt$tag</c>, where version 1.0 leaves <c>v=</c> out.
/// </summary>
internal static class ForeignArgon2
{
    private const int MinTagBytes = 16; // less could be met by chance

    public static ParsedHash Parse(string[] parts)
    {
        string[] withVersion = parts is [var only, var costs, var salt, var tag] ? [only, $"v={Argon2Parameters.FirstVersion}", costs, salt, tag] : parts;
        if (withVersion is not [var type, "v=16" or "v=19", var prices, var saltText, var tagText]) return Malformed();
        if (!PasswordHash.TryReadCosts(prices, out var parameters)) return Malformed();
        if (!PasswordHash.IsAffordable(parameters)) return Expensive();
        if (HashText.ReadBase64(saltText) is not { Length: >= 8 and <= 64 } saltBytes) return Malformed();
        if (HashText.ReadBase64(tagText) is not { Length: >= MinTagBytes and <= 64 } tagBytes) return Malformed();

        int version = withVersion[1] == "v=16" ? Argon2Parameters.FirstVersion : Argon2Parameters.CurrentVersion;
        return new PasswordHash(parameters with { Type = TypeOf(type), Version = version }, saltBytes, tagBytes);
    }

    private static Argon2Type TypeOf(string name) => name switch
    {
        "argon2d" => Argon2Type.D,
        "argon2i" => Argon2Type.I,
        _ => Argon2Type.Id,
    };

    private static ParsedHash Malformed() => ParsedHash.Refused("It is not an Argon2 hash as it should be written: $argon2id$v=19$m=…,t=…,p=…$salt$tag.");

    private static ParsedHash Expensive() => ParsedHash.Refused(
        $"Its cost is outside of what is taken: memory of 8 KiB for each lane up to {PasswordHash.MaxMemoryKiB / 1024} MiB, "
        + $"{PasswordHash.MaxPasses} passes, {PasswordHash.MaxParallelism} lanes, memory × passes up to {PasswordHash.MaxCost / 1024} MiB. {ForeignHash.Remedy}");
}
