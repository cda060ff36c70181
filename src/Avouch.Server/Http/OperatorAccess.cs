using System.Security.Cryptography;
using System.Text;
using Avouch.Protocol;
using Avouch.Server.Settings;

namespace Avouch.Server.Http;

/// <summary>Whether whoever asks runs this server: by the token of <c>AVOUCH_METRICS_TOKEN</c>, or from a program on the same machine that talks to us directly.</summary>
internal sealed class OperatorAccess(MetricsSettings settings)
{
    private readonly byte[]? expected = settings.Token is { } token ? Digest(token) : null;

    /// <summary>Whether a token could open what is closed to this request.</summary>
    public bool TakesToken => settings.Door != OperatorDoor.Closed && expected is not null;

    public bool Has(HttpContext http) =>
        settings.Door != OperatorDoor.Closed && (HasToken(http) || (settings.Door == OperatorDoor.Local && DirectRequest.Is(http)));

    /// <summary>Digests are compared, so that neither content nor length of the token shows in the time that it takes.</summary>
    private bool HasToken(HttpContext http) =>
        expected is not null && http.Request.Headers.Authorization is [{ } header] && BearerToken.TryRead(header, out var sent)
        && CryptographicOperations.FixedTimeEquals(Digest(sent.ToString()), expected);

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
