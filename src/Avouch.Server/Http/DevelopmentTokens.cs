using Avouch.Server.Settings;
using Avouch.Server.Users;

namespace Avouch.Server.Http;

/// <summary>
/// For a first try without mail: the answer ends with the secret that was mailed, where a developer asked for that (AVOUCH_DEV_TOKENS) and is at this
/// very machine. The words are those that scripts of the usual tutorials look for.
/// </summary>
internal sealed class DevelopmentTokens(ProofSettings proofs, ServerSettings server)
{
    public string Add(HttpContext http, string message, string name, ProofToken? token) =>
        token is not null && proofs.ShowsTokens && LocalDevelopment.Is(http, server) ? $"{message} {name} (DEV ONLY): {token.Text}" : message;
}
