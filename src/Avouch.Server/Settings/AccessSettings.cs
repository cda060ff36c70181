namespace Avouch.Server.Settings;

/// <summary>Which routes want a verified e-mail address. What a person needs to verify it, or to get out, is in no group.</summary>
internal enum VerifiedGroup
{
    None,

    /// <summary>The routes of administration.</summary>
    Admin,

    /// <summary>Those, and the ones that change or show more of an account than who is signed in.</summary>
    Account,
}

/// <summary>Who may see and do what, beyond roles.</summary>
/// <param name="MembersSeeNames">Whether everybody who is signed in may list the names of the others.</param>
internal sealed record AccessSettings(VerifiedGroup RequireVerified, bool MembersSeeNames)
{
    public static AccessSettings Read(SettingsReader reader) => new(
        reader.Choice("AVOUCH_REQUIRE_VERIFIED_EMAIL", "Routes that want a verified e-mail address: admin is administration, account that and changes of one's own profile. Signing in and out, who am I, verification, passwords, export and deletion never do.",
            ("none", VerifiedGroup.None), ("admin", VerifiedGroup.Admin), ("account", VerifiedGroup.Account)),
        reader.Flag("AVOUCH_MEMBERS_SEE_NAMES", "Everybody who is signed in may list and search names (id, user name, full name) of active accounts; nothing else of them.", false));

    public bool Requires(VerifiedGroup group) => group != VerifiedGroup.None && group <= RequireVerified;
}
