namespace Avouch.Server.Passwords;

/// <summary>A stored password of any scheme that this server can verify: its own, or one that came with imported users.</summary>
internal abstract record StoredHash
{
    /// <summary>No password has this one: the account was imported without a hash, and its owner has to set a password first.</summary>
    public const string OfNobody = "!";

    /// <summary>What <see cref="Matches"/> costs, whatever was typed.</summary>
    public abstract HashWork Work { get; }

    /// <summary>Hashes what was typed and compares in fixed time. Leaves nothing of it in memory.</summary>
    public abstract bool Matches(TypedPassword typed, HashBench bench);

    /// <summary>
    /// Whether all that was typed has been compared. Where it was not, the text may be wrong at its end: it must not become the password that counts.
    /// </summary>
    public virtual bool Covers(TypedPassword typed) => true;

    /// <summary>Whether a right password is to be stored in today's form. Always true of another system's hash.</summary>
    public virtual bool NeedsRehash(Argon2Parameters current) => true;
}

/// <summary>A hash, or the reason why a text is none that this server takes: a sentence that never shows the text itself.</summary>
internal readonly record struct ParsedHash(StoredHash? Hash, string? Fault)
{
    public static implicit operator ParsedHash(StoredHash hash) => new(hash, null);

    public static ParsedHash Refused(string reason) => new(null, reason);
}
