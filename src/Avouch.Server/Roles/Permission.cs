using System.Buffers;

namespace Avouch.Server.Roles;

/// <summary>
/// What somebody may do, by name. Those of this server's own API stand here; an application gives its own to roles and asks for them by the names
/// of the roles.
/// </summary>
internal static class Permission
{
    /// <summary>Everything, now and later. Only the role <c>admin</c> has it, and no other can be given it.</summary>
    public const string All = "*";

    /// <summary>See accounts: list, search, count.</summary>
    public const string UsersRead = "users:read";

    /// <summary>Add, change, disable, enable and delete accounts that may do no more than oneself.</summary>
    public const string UsersWrite = "users:write";

    /// <summary>Help people back in: send the mail that resets a password, and, with <see cref="UsersWrite"/>, change where mail goes.</summary>
    public const string UsersRecover = "users:recover";

    /// <summary>End all sessions of a user.</summary>
    public const string SessionsWrite = "sessions:write";

    public const string JournalRead = "journal:read";

    public const string RolesRead = "roles:read";

    /// <summary>Add, change and delete roles, and give them to people; never one that may do more than oneself.</summary>
    public const string RolesWrite = "roles:write";

    /// <summary>See which mail waits and which could not be sent; never what it says.</summary>
    public const string MailRead = "mail:read";

    /// <summary>Send once more what was given up.</summary>
    public const string MailWrite = "mail:write";

    /// <summary>See which keys sign, and when the next one does.</summary>
    public const string KeysRead = "keys:read";

    /// <summary>Rotate signing keys, and withdraw one.</summary>
    public const string KeysWrite = "keys:write";

    /// <summary>See the settings as they are in force; never a secret.</summary>
    public const string SettingsRead = "settings:read";

    public const int MaxLength = 64;

    /// <summary>Whoever has one of these is an administrator of some sort: their tokens get the scope of the admin API.</summary>
    public static readonly IReadOnlyList<string> OfThisServer =
        [UsersRead, UsersWrite, UsersRecover, SessionsWrite, JournalRead, RolesRead, RolesWrite, MailRead, MailWrite, KeysRead, KeysWrite, SettingsRead];

    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_.:-");

    public static bool IsAdministrative(string permission) => permission == All || OfThisServer.Contains(permission);

    /// <summary>A name that a role can be given.</summary>
    public static bool IsName(string? text) => text is { Length: > 0 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Letters);
}
