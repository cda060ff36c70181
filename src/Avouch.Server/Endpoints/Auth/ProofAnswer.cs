using System.ComponentModel.DataAnnotations;
using Avouch.Server.Http;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Auth;

/// <summary>A body that holds nothing but a mailed secret.</summary>
internal sealed record MailedToken([property: Required] string? Token = null);

/// <summary>What the flows around passwords and addresses have in common: how each outcome is answered.</summary>
internal static class ProofAnswer
{
    /// <param name="done">What is said when all went well.</param>
    /// <param name="invalid">The refusal of a secret of this kind.</param>
    public static IResult Give(ProofResult result, string done, Problem? invalid = null) => ProofProblems.Find(result, invalid) ?? MessageJson.Result(done);

    /// <summary>Reads the one member, and lets a flow use it.</summary>
    public static async Task<IResult> Take(HttpContext http, Func<string, Task<ProofResult>> use, string done, Problem invalid)
    {
        var (request, problem) = await RequestBody.ReadJson(http, AccountJson.Default.MailedToken);
        if (request is null) return problem!;
        if (string.IsNullOrEmpty(request.Token)) return Problems.Invalid("token", "The token from the mail is needed.");
        return Give(await use(request.Token), done, invalid);
    }
}
