using Avouch.Protocol;

namespace Avouch.Server.Keys;

/// <summary>A signing key as people see it in lists; never its private half.</summary>
/// <param name="State"><c>next</c>, <c>signing</c>, <c>retired</c>, <c>withdrawn</c>; beside the secret of HS256 <c>verifying</c>.</param>
/// <param name="CreatedAt">Null for the secret of HS256: only whoever set it knows.</param>
internal sealed record KeyLife(string KeyId, string Algorithm, string State, DateTimeOffset? CreatedAt, DateTimeOffset? SignsSince, DateTimeOffset? RetiredAt, DateTimeOffset? WithdrawnAt)
{
    private const string Verifying = "verifying";

    /// <summary>The secret of the settings (HS256): it is not stored here, and nothing here rotates or withdraws it.</summary>
    public bool IsSecret => CreatedAt is null;

    /// <summary>All keys that were ever made here, the oldest first; the secret of the settings last, where it signs.</summary>
    public static async ValueTask<List<KeyLife>> List(SigningKeys keys)
    {
        var secretId = keys.FindSecretId();
        var lives = (await keys.List()).ConvertAll(key => new KeyLife(key.KeyId, key.Algorithm.Name(), StateOf(key, secretId), key.CreatedAt, key.ActiveFrom, key.RetiredAt, key.WithdrawnAt));
        if (secretId is not null) lives.Add(new KeyLife(secretId, JwsAlgorithm.HS256.Name(), Name(KeyState.Signing), null, null, null, null));
        return lives;
    }

    /// <summary>Beside the secret of HS256 no stored key signs, nor will one next.</summary>
    private static string StateOf(StoredKey key, string? secretId) => secretId is not null && key.State is (KeyState.Signing or KeyState.Next) ? Verifying : Name(key.State);

    private static string Name(KeyState state) => state.ToString().ToLowerInvariant();
}
