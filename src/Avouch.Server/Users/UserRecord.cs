namespace Avouch.Server.Users;

/// <summary>An account as a file carries it from one system to another.</summary>
/// <param name="PasswordHash"><see langword="null"/>: the user sets a new password first.</param>
internal sealed record UserRecord(
    string Email,
    string? Username,
    string? FullName,
    IReadOnlyList<string> Roles,
    bool IsVerified,
    bool IsActive,
    string? PasswordHash,
    DateTimeOffset? CreatedAt)
{
    public const string EmailColumn = "email";
    public const string UsernameColumn = "username";
    public const string FullNameColumn = "full_name";
    public const string RolesColumn = "roles";
    public const string IsVerifiedColumn = "is_verified";
    public const string IsActiveColumn = "is_active";
    public const string PasswordHashColumn = "password_hash";
    public const string CreatedAtColumn = "created_at";

    /// <summary>What a file may hold, in the order in which we write it. Only the address must be there.</summary>
    public static readonly string[] Columns =
        [EmailColumn, UsernameColumn, FullNameColumn, RolesColumn, IsVerifiedColumn, IsActiveColumn, PasswordHashColumn, CreatedAtColumn];

    /// <summary>What is wrong with a column that is not ours; nothing where it is.</summary>
    public static string? CheckColumn(string name) => name switch
    {
        "password" => "Passwords in plain text are not taken. Export their hashes as \"password_hash\"; where there are none, leave the column out, and every user sets a new password.",
        _ when Columns.Contains(name) => null,
        _ => $"There is no column \"{Shown(name)}\". The columns are {string.Join(", ", Columns)}.",
    };

    private static string Shown(string name) => name.Length <= 40 ? name : name[..40] + "…";
}

/// <summary>One line of a file of users: its texts by column, or what is wrong with it.</summary>
/// <param name="Number">Of its first line in the file, from 1.</param>
internal sealed record UserLine(long Number, IReadOnlyDictionary<string, string?> Fields, string? Fault = null)
{
    public static UserLine Refused(long number, string fault) => new(number, new Dictionary<string, string?>(), fault);
}

/// <summary>The file as a whole cannot be read on: one sentence of what is wrong and one of what to do.</summary>
internal sealed class UserFileException(string message) : IOException(message);
