using System.Globalization;
using System.Reflection;
using System.Text;
using Avouch.Protocol;
using Avouch.ResourceServer;
using Avouch.Server.Http;
using Avouch.Server.Limits;
using Avouch.Server.Sessions;

namespace Avouch.Server.Tests.House.Documents;

/// <summary>docs/errors.md: every refusal of the API, found by making each of them.</summary>
internal static class ErrorDocument
{
    private const string Introduction =
        """
        # Errors

        Made by `eng/documents` from the refusals themselves. Do not edit.

        Every error of the API is a problem document (RFC 9457, `application/problem+json`):

        ```json
        {"title":"Unauthorized","status":401,"detail":"The session has ended. Sign in again.","code":"session_ended"}
        ```

        `code` is stable: decide by it. `detail` is for people and may change; what stands below as `…`, or as the name of a scope, depends on the request. With 422, `errors` says
        for each field what is wrong with it. The header `Avouch-Reason` leads whoever runs the server to the cause: `j-` and the number of a row of the
        journal (`avouch journal list`), or `r-` and the id of a line of the log.

        | status | code | detail | also sent |
        | --- | --- | --- | --- |

        """;

    public static string Write()
    {
        var text = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        foreach (var problem in All().DistinctBy(problem => (problem.Status, problem.Code)).OrderBy(problem => problem.Status).ThenBy(problem => problem.Code, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"| {problem.Status} | `{problem.Code}` | {problem.Detail} | {Sent(problem)} |\n");
        return text.ToString();
    }

    /// <summary>Every field and every method of <see cref="Problems"/>, with everything that a method can be asked.</summary>
    public static IEnumerable<Problem> All() => AllNamed().Select(problem => problem.Problem);

    /// <summary>The same with the name of each.</summary>
    public static IEnumerable<(string Name, Problem Problem)> AllNamed()
    {
        foreach (var field in typeof(Problems).GetFields(BindingFlags.Static | BindingFlags.Public)) yield return (field.Name, (Problem)field.GetValue(null)!);
        foreach (var method in typeof(Problems).GetMethods(BindingFlags.Static | BindingFlags.Public))
            foreach (var arguments in Combine(method.GetParameters()))
                yield return (method.Name, (Problem)method.Invoke(null, arguments)!);
    }

    private static IEnumerable<object?[]> Combine(IEnumerable<ParameterInfo> parameters) =>
        parameters.Aggregate((IEnumerable<object?[]>)[[]], (before, parameter) => before.SelectMany(arguments => Samples(parameter), (arguments, sample) => (object?[])[.. arguments, sample]));

    private static IEnumerable<object?> Samples(ParameterInfo parameter) => parameter.ParameterType switch
    {
        var type when type == typeof(string) => [parameter.Member.Name == nameof(Problems.InsufficientScope) ? TokenIssuer.AccountScope : "…"],
        var type when type == typeof(long?) => [null],
        var type when type == typeof(long) => [2L],
        var type when type == typeof(TimeSpan) => [TimeSpan.FromSeconds(1)],
        var type when type == typeof(IReadOnlyDictionary<string, string[]>) => [new Dictionary<string, string[]>()],
        var type when type == typeof(Verdict) => [new Verdict(Limit.SignIn, 5, 0, TimeSpan.FromSeconds(1))],
        var type when type == typeof(CheckedToken) => Tokens(),
        var type => throw new InvalidOperationException($"Problems.{parameter.Member.Name} takes a {type.Name}: say here which ones there are."),
    };

    private static IEnumerable<object?> Tokens() =>
    [
        CheckedToken.Missing,
        .. Enum.GetValues<TokenFault>().Where(fault => fault != TokenFault.None).Select(fault => (object)CheckedToken.Refused(fault)),
        .. Enum.GetValues<RevocationKind>().Where(kind => kind != RevocationKind.None).Select(kind => (object)new CheckedToken(null, TokenFault.None, new Revocation(kind, 1))),
    ];

    private static string Sent(Problem problem) => string.Join(", ", (string[])
    [
        .. problem.Challenge is null ? (string[])[] : ["`WWW-Authenticate`"],
        .. problem.RetryAfter is null ? (string[])[] : ["`Retry-After`"],
        .. problem.Limit is null ? (string[])[] : ["`RateLimit`", "`RateLimit-Policy`"],
        .. problem.Errors is null ? (string[])[] : ["`errors`"],
    ]);
}
