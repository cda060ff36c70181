using System.Text.RegularExpressions;

namespace Avouch.Server.Roles;

/// <summary>A role: a name that stands in tokens, and what it permits.</summary>
/// <param name="IsBuiltIn">It is there from the beginning and stays.</param>
/// <param name="Permissions">In ordinal order, each once.</param>
internal sealed partial record StoredRole(
    string Name, string? Description, bool IsBuiltIn, IReadOnlyList<string> Permissions, DateTimeOffset? CreatedAt, DateTimeOffset? UpdatedAt)
{
    public const int MaxDescription = 200;

    /// <summary>Each of them stands in memory whole, so there is an end to them.</summary>
    public const int MaxRoles = 500;

    public const int MaxPermissions = 100;

    public static string? CheckName(string? name) =>
        IsName(name) ? null : "The name of a role begins with a letter from a to z and goes on with letters, digits, - and _, 32 at most.";

    public static string? CheckPermissions(IReadOnlyList<string> permissions)
    {
        if (permissions.Count > MaxPermissions) return $"A role has at most {MaxPermissions} permissions.";
        return permissions.All(Permission.IsName) ? null : $"The name of a permission has 1 to {Permission.MaxLength} of a to z, 0 to 9 and _ . : -";
    }

    public static string? CheckDescription(string text) =>
        text.Length > MaxDescription || text.Any(char.IsControl) ? $"A description has at most {MaxDescription} characters, none of them a control character." : null;

    public static bool IsName(string? text) => text is not null && NameForm().IsMatch(text);

    [GeneratedRegex(@"\A[a-z][a-z0-9_-]{0,31}\z")]
    private static partial Regex NameForm();
}
