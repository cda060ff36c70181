namespace Avouch.Server.Passwords;

/// <summary>The kinds of work that hashes are made of. Inside a kind amounts add up, so that a refusal can do what is missing.</summary>
internal enum WorkKind
{
    Argon2,
    Bcrypt,
    Scrypt,
    Pbkdf2Sha1,
    Pbkdf2Sha256,
    Pbkdf2Sha512,
}

/// <summary>What one hash costs.</summary>
/// <param name="Amount">
/// Argon2: blocks of 1 KiB, all passes together. bcrypt: rounds, two to the power of its cost. scrypt: N × r × p. PBKDF2: iterations × blocks of
/// output.
/// </param>
internal readonly record struct HashWork(WorkKind Kind, long Amount);

/// <summary>What a lane hashes with: its memory, and how it shares its core.</summary>
internal readonly record struct HashBench(Argon2Arena Arena, Argon2Pace Pace)
{
    public bool Yields => Pace.YieldBlocks > 0;
}

/// <summary>A password as it was typed, and as UTF-8: schemes that normalise begin with the text, all others with the bytes.</summary>
internal readonly ref struct TypedPassword(string text, ReadOnlySpan<byte> bytes)
{
    public string Text { get; } = text;
    public ReadOnlySpan<byte> Bytes { get; } = bytes;
}
