using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Avouch.Protocol.Tests;

/// <summary>
/// The rules for access tokens once more, slow and plain, written from the documents and not from the parser: what it accepts, and the claims
/// it reads. It shares nothing with the library but the key that checks the signature.
/// </summary>
internal sealed partial class TokenOracle(string issuer, DateTimeOffset now, params SigningKey[] keys)
{
    private static readonly string[] Forbidden = ["crit", "b64", "jku", "jwk", "x5u", "x5c"];

    private readonly long seconds = now.ToUnixTimeSeconds();

    /// <summary>The claims in one line, or null where the token is refused.</summary>
    public string? Read(string token)
    {
        var parts = token.Split('.');
        if (token.Length > 8192 || parts.Length != 3) return null;
        if (PlainJson.Decode(parts[0]) is not { } header || PlainJson.Decode(parts[1]) is not { } payload || PlainJson.Decode(parts[2]) is not { } signature) return null;
        if (KeyFor(header) is not { } key) return null;
        return key.Verification.Verify(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature) ? Claims(payload) : null;
    }

    /// <summary>The same line for what the library has read.</summary>
    public static string Line(AccessToken token) => Line(
        token.Issuer, token.Subject, token.Audiences, token.ClientId, token.SessionId, token.Epoch, token.TokenId, token.Scope.Tokens, token.Roles,
        token.IssuedAt.ToUnixTimeSeconds(), token.ExpiresAt.ToUnixTimeSeconds(), token.AuthenticatedAt?.ToUnixTimeSeconds());

    private static string Line(params object?[] claims) => JsonSerializer.Serialize(claims);

    private SigningKey? KeyFor(byte[] json)
    {
        if (PlainJson.Members(json) is not { } header || !HasFewNames(header) || Array.Exists(Forbidden, header.ContainsKey)) return null;
        if (!header.TryGetValue("alg", out var alg) || !header.TryGetValue("kid", out var kid) || !header.TryGetValue("typ", out var typ)) return null;
        if (PlainJson.Text(typ) is not { } type || !TypeForm().IsMatch(type)) return null;
        return Array.Find(keys, key => key.KeyId == PlainJson.Text(kid) && key.Algorithm.ToString() == PlainJson.Text(alg));
    }

    private string? Claims(byte[] json)
    {
        if (PlainJson.Members(json) is not { } claims || !HasFewNames(claims)) return null;
        string[] required = ["iss", "sub", "aud", "client_id", "sid", "epoch", "jti", "roles", "iat", "exp"];
        if (!Array.TrueForAll(required, claims.ContainsKey)) return null;
        try
        {
            return CheckTimes(claims) && Word(claims["iss"]) == issuer
                ? Line(
                    issuer, Id(claims["sub"]), Audiences(claims["aud"]), Word(claims["client_id"]), Id(claims["sid"]), Count(claims["epoch"]), Id(claims["jti"]),
                    claims.TryGetValue("scope", out var scope) ? Scope(scope) : [], Words(claims["roles"]),
                    Date(claims["iat"]), Date(claims["exp"]), claims.TryGetValue("auth_time", out var time) ? Date(time) : null)
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private bool CheckTimes(Dictionary<string, JsonElement> claims)
    {
        if (claims.TryGetValue("nbf", out var start) && Date(start) > seconds + 60) return false;
        return Date(claims["exp"]) > seconds && Date(claims["iat"]) <= seconds + 60;
    }

    private static string Word(JsonElement value) => PlainJson.Text(value) is { Length: > 0 } text ? text : throw new FormatException();

    private static string[] Words(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(Word)] : throw new FormatException();

    private static string[] Audiences(JsonElement value)
    {
        string[] all = value.ValueKind == JsonValueKind.Array ? Words(value) : [Word(value)];
        return all.Length > 0 ? all : throw new FormatException();
    }

    private static string[] Scope(JsonElement value)
    {
        var tokens = Word(value).Split(' ');
        if (!Array.TrueForAll(tokens, token => ScopeForm().IsMatch(token))) throw new FormatException();
        return [.. tokens.Distinct().Order(StringComparer.Ordinal)];
    }

    private static Guid Id(JsonElement value) => IdForm().IsMatch(Word(value)) ? Guid.Parse(Word(value)) : throw new FormatException();

    private static long Count(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && DigitsForm().IsMatch(value.GetRawText())
        && long.TryParse(value.GetRawText(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException();

    private static long Date(JsonElement value) => Count(value) is var date && date < 253402300800 ? date : throw new FormatException();   // the year 10000

    /// <summary>All names of an object together fit into 1024 bytes, each behind one for its length, and each into 255.</summary>
    private static bool HasFewNames(Dictionary<string, JsonElement> members)
    {
        var lengths = members.Keys.Select(Encoding.UTF8.GetByteCount).ToList();
        return lengths.TrueForAll(length => length <= 255) && lengths.Sum() + lengths.Count <= 1024;
    }

    [GeneratedRegex(@"\A(application/)?at\+jwt\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TypeForm();

    [GeneratedRegex(@"\A[\x21\x23-\x5B\x5D-\x7E]+\z")]
    private static partial Regex ScopeForm();

    [GeneratedRegex(@"\A[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\z")]
    private static partial Regex IdForm();

    [GeneratedRegex(@"\A[0-9]+\z")]
    private static partial Regex DigitsForm();
}
