using System.Globalization;
using Avouch.Server.Passwords;

namespace Avouch.Server.Users;

/// <summary>Makes an account of a line's texts by the rules of a registration, or says in one sentence why not.</summary>
internal static class UserRecordRules
{
    private static readonly DateTimeOffset Oldest = DateTimeOffset.UnixEpoch;

    /// <param name="roles">Those that this server has.</param>
    public static (UserRecord? User, string? Fault) Read(IReadOnlyDictionary<string, string?> fields, IReadOnlyList<string> roles, DateTimeOffset now)
    {
        var (email, username, fullName) = (Find(fields, UserRecord.EmailColumn), Find(fields, UserRecord.UsernameColumn), Find(fields, UserRecord.FullNameColumn));
        if (AccountRules.CheckEmail(email) is { } badEmail) return (null, badEmail);
        if (username is not null && AccountRules.CheckUsername(username) is { } badName) return (null, badName);
        if (fullName is not null && AccountRules.CheckFullName(fullName) is { } badFullName) return (null, badFullName);
        if (FindRoles(Find(fields, UserRecord.RolesColumn), roles) is not { } named) return (null, $"Its roles are not all roles of this server, which are {string.Join(", ", roles)}.");
        if (named.Count > UserRoles.Max) return (null, $"It has more than {UserRoles.Max} roles.");
        if (!TryReadFlag(Find(fields, UserRecord.IsVerifiedColumn), false, out var isVerified)) return (null, "\"is_verified\" is neither true nor false.");
        if (!TryReadFlag(Find(fields, UserRecord.IsActiveColumn), true, out var isActive)) return (null, "\"is_active\" is neither true nor false.");
        if (!TryReadTime(Find(fields, UserRecord.CreatedAtColumn), out var createdAt)) return (null, "\"created_at\" is no time like 2024-05-31T12:00:00Z.");
        if (createdAt < Oldest || createdAt > now) return (null, "\"created_at\" is before 1970 or in the future.");
        var hash = Find(fields, UserRecord.PasswordHashColumn);
        if (hash is not null && ForeignHash.Parse(hash).Fault is { } fault) return (null, $"The password hash is not taken: {fault}");
        return (new UserRecord(email!, username, fullName, named, isVerified, isActive, hash, createdAt), null);
    }

    private static string? Find(IReadOnlyDictionary<string, string?> fields, string column) =>
        fields.TryGetValue(column, out var text) && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    /// <summary>The roles that a line names, where all of them are there. None named: an ordinary user.</summary>
    private static IReadOnlyList<string>? FindRoles(string? text, IReadOnlyList<string> roles)
    {
        var named = (text ?? Role.User).Split([' ', ',', ';', '|'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return named.Length > 0 && named.All(roles.Contains) ? UserRoles.Order(named) : null;
    }

    private static bool TryReadFlag(string? text, bool fallback, out bool flag)
    {
        (var isKnown, flag) = text?.ToUpperInvariant() switch
        {
            null => (true, fallback),
            "TRUE" or "T" or "1" or "YES" => (true, true),
            "FALSE" or "F" or "0" or "NO" => (true, false),
            _ => (false, false),
        };
        return isKnown;
    }

    /// <summary>A time without a zone is UTC, which is what databases mean by one.</summary>
    private static bool TryReadTime(string? text, out DateTimeOffset? time)
    {
        time = null;
        if (text is null) return true;
        if (text.Length < 10 || !char.IsAsciiDigit(text[0])) return false;
        var isRead = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var read);
        if (isRead) time = read;
        return isRead;
    }
}
