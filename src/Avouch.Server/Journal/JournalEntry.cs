namespace Avouch.Server.Journal;

/// <summary>One fact that matters to security, as it was committed.</summary>
internal sealed record JournalEntry(string Kind, DateTimeOffset At)
{
    /// <summary>Rises with every row; 0 until the row is written.</summary>
    public long Seq { get; init; }

    /// <summary>Whom it concerns.</summary>
    public Guid? UserId { get; init; }

    public Guid? SessionId { get; init; }

    /// <summary>Who did it, where that is somebody else than <see cref="UserId"/>.</summary>
    public Guid? ActorId { get; init; }

    public string? Address { get; init; }

    /// <summary>The user's epoch after the change, where it rose: access tokens of an older one are refused.</summary>
    public long? Epoch { get; init; }

    /// <summary>The last <c>exp</c> of the access tokens that the change takes back.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>One plain word or number more; never a secret.</summary>
    public string? Detail { get; init; }
}

/// <summary>The closed vocabulary of <see cref="JournalEntry.Kind"/>. These words stand in people's databases: they are never renamed.</summary>
internal static class JournalKind
{
    /// <summary>All of them, in ordinal order.</summary>
    public static readonly IReadOnlyList<string> All =
        [.. typeof(JournalKind).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal)];

    public const string UserRegistered = "user.registered";
    /// <summary>Somebody signed up with an address that is taken, where existing accounts are hidden.</summary>
    public const string UserRegisteredAgain = "user.registered_again";
    public const string UserImported = "user.imported";
    public const string UserDisabled = "user.disabled";
    public const string UserEnabled = "user.enabled";

    /// <summary>Too many wrong passwords in a row: only known devices sign in. When the time of the lock is over, no row says so.</summary>
    public const string UserLocked = "user.locked";
    public const string UserUnlocked = "user.unlocked";
    public const string UserDeleted = "user.deleted";
    public const string RoleChanged = "user.role_changed";
    public const string PasswordChanged = "user.password_changed";

    /// <summary>Name, full name or language; <see cref="JournalEntry.Detail"/> says which of them, and not what they are.</summary>
    public const string UserEdited = "user.edited";

    /// <summary>These three name the role in <see cref="JournalEntry.Detail"/>.</summary>
    public const string RoleAdded = "role.added";

    public const string RoleEdited = "role.edited";
    public const string RoleDeleted = "role.deleted";

    /// <summary>Somebody asked for a reset; without a user where nobody has the address.</summary>
    public const string PasswordResetRequested = "user.password_reset_requested";
    public const string VerificationRequested = "user.verification_requested";
    public const string EmailVerified = "user.email_verified";
    public const string EmailChangeRequested = "user.email_change_requested";
    public const string EmailChanged = "user.email_changed";
    /// <summary>The address before the change is back, and no password counts until a new one is set.</summary>
    public const string EmailChangeUndone = "user.email_change_undone";

    /// <summary>Somebody took all accounts out, with their password hashes or without.</summary>
    public const string UsersExported = "users.exported";

    public const string SignedIn = "session.started";
    public const string SessionEnded = "session.ended";

    /// <summary>Every session of everybody ended, and every access token issued until then is refused.</summary>
    public const string SessionsEnded = "sessions.ended";

    /// <summary>The previous refresh token came again inside the grace, from another address than the first time.</summary>
    public const string RepeatedElsewhere = "refresh.repeated_elsewhere";

    /// <summary>A genuine refresh token from the future of this database: it was rolled back. Nothing is ended; an operator has to look.</summary>
    public const string DatabaseWentBack = "refresh.ahead_of_database";

    public const string SignInFailed = "sign_in.failed";

    /// <summary>Failed sign-ins beyond the number that gets a row each: how many they were in one minute.</summary>
    public const string SignInsFailed = "sign_in.failed_many";

    public const string KeyCreated = "key.created";
    public const string KeyRotated = "key.rotated";
    public const string KeyWithdrawn = "key.withdrawn";

    /// <summary>Everything is sealed under another master key now.</summary>
    public const string MasterKeyChanged = "key.master_changed";

    /// <summary>A mail was given up: refused for good, or too often not taken. The detail says which one; <c>avouch mail list</c> says why.</summary>
    public const string MailDead = "mail.dead";

    /// <summary>Somebody had a mail sent once more that was given up.</summary>
    public const string MailRetried = "mail.retried";

    public const string SettingChanged = "setting.changed";

    public const string BackedUp = "database.backed_up";

    /// <summary>
    /// The database is a backup from here on. Where <see cref="JournalEntry.Until"/> is set, every access token issued before <see cref="JournalEntry.At"/>
    /// is refused, and every session ended.
    /// </summary>
    public const string Restored = "database.restored";
}

/// <summary>Why a session ended: the <see cref="JournalEntry.Detail"/> of <see cref="JournalKind.SessionEnded"/>.</summary>
internal static class EndReason
{
    public const string SignedOut = "signed_out";
    public const string EndedByUser = "ended_by_user";
    public const string EndedByAdmin = "ended_by_administrator";
    public const string Replay = "refresh_token_replayed";
    public const string TooMany = "too_many_sessions";
    public const string UserDisabled = "user_disabled";
    public const string UserDeleted = "user_deleted";
    public const string PasswordChanged = "password_changed";
    public const string EmailChangeUndone = "email_change_undone";
}
