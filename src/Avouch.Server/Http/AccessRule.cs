using Avouch.Server.Sessions;
using Avouch.Server.Settings;

namespace Avouch.Server.Http;

/// <summary>What a route wants of whoever calls it. It stands among the metadata of the route, so that docs/authorization.md is made of it.</summary>
/// <param name="NeedsToken">Whether it wants an access token at all.</param>
internal sealed record AccessRule(bool NeedsToken)
{
    public static readonly AccessRule Open = new(NeedsToken: false);

    public static readonly AccessRule SignedIn = new(NeedsToken: true);

    /// <summary>One of the bearer's roles has to give it.</summary>
    public string? Permission { get; init; }

    /// <summary>With it, the route shows or does more.</summary>
    public string? Widening { get; init; }

    /// <summary>The bearer has to have it.</summary>
    public string? Role { get; init; }

    /// <summary>With which setting a verified e-mail address is wanted.</summary>
    public VerifiedGroup Group { get; init; }

    /// <summary>Whether the sign-in has to be one of the last minutes.</summary>
    public bool NeedsRecentSignIn { get; init; }

    /// <summary>Whether one of the bearer's roles has to permit anything at all of administration.</summary>
    public bool IsForAdministrators { get; init; }

    /// <summary>Whether it is a page for people: who asks is known by a cookie, and every form is one of ours.</summary>
    public bool IsOfPage { get; init; }

    public bool IsAdministrative => Permission is not null || Role is not null || IsForAdministrators;

    /// <summary>What is asked for before anything else; routes of administration ask for theirs after the permission.</summary>
    public string? Scope => IsAdministrative ? null : TokenIssuer.AccountScope;

    public static AccessRule Needs(string permission) => SignedIn with { Permission = permission, Group = VerifiedGroup.Admin };

    public static AccessRule NeedsRole(string role) => SignedIn with { Role = role, Group = VerifiedGroup.Admin };
}
