using System.Text.RegularExpressions;
using Avouch.Server.Users;

namespace Avouch.Server.Http;

/// <summary>What people and administrators alike may change of an account, and why the rest of it cannot be changed in the same way.</summary>
internal static partial class ProfileRules
{
    /// <summary>As the OpenAPI document shows it; a PATCH is read member by member, to tell what is left out from null.</summary>
    internal sealed record Request(string? Username = null, string? FullName = null, string? Locale = null);

    public static UserEdit Read(PatchBody body) => new(
        body.Text("username", AccountRules.CheckUsername, canClear: true),
        body.Text("full_name", AccountRules.CheckFullName, canClear: true),
        body.Text("locale", CheckLocale, canClear: true));

    /// <summary>The same of a form of a page: each field is there, and an empty one clears.</summary>
    /// <param name="errors">What is wrong with which field is added here.</param>
    public static UserEdit Read(Func<string, string?> field, Dictionary<string, string[]> errors)
    {
        return new UserEdit(Text("username", AccountRules.CheckUsername), Text("full_name", AccountRules.CheckFullName), Text("locale", CheckLocale));

        Given<string?> Text(string name, Func<string, string?> check)
        {
            var text = field(name);
            if (text is not null && check(text) is { } sentence) errors[name] = [sentence];
            return Given<string?>.Of(text);
        }
    }

    /// <summary>The form of a BCP 47 tag; whether we write that language is another matter.</summary>
    public static string? CheckLocale(string text) => LocaleForm().IsMatch(text) ? null : "Use a language tag such as en or de-CH.";

    public static string Explain(string member) => member switch
    {
        "email" => "An address is changed by proving it: POST /api/v1/auth/email/change/request.",
        "password" => "A password is changed with the current one: POST /api/v1/auth/password/change.",
        "role" or "roles" or "is_active" or "is_verified" => "Nobody changes this about themselves.",
        _ => "There is no such member here.",
    };

    public static Problem? Refuse(EditedUser edited) => edited switch
    {
        { Change: UserChange.NoSuchUser } => Problems.NotFound,
        { Change: UserChange.Outranked } => Problems.Outranked,
        { Change: UserChange.LastAdmin } => Problems.LastAdmin,
        { Change: UserChange.NoSuchRole } => Problems.Invalid("roles", "One of these roles does not exist."),
        { Taken: Taken.Email } => Problems.EmailTaken,
        { Taken: Taken.Username } => Problems.UsernameTaken,
        { Taken: Taken.LookAlike } => Problems.UsernameLooksTaken,
        _ => null,
    };

    [GeneratedRegex(@"\A[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}\z")]
    private static partial Regex LocaleForm();
}
