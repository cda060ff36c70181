using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Roles;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Administration;

/// <summary>The account that a form of administration is about: one that the visitor may see, may change, and that is not their own.</summary>
internal static class SomebodyElse
{
    public static async Task<(User? User, Problem? Refusal)> Find(PageRequest page, Guard guard, UserAccounts users)
    {
        if (!page.May(Permission.UsersRead)) return (null, Problems.MissingPermission(Permission.UsersRead));
        if (PathId.Find(page.Http) is not { } id || await users.Find(id) is not { } user) return (null, Problems.NotFound);
        return Refuse(page, guard, user) is { } refusal ? (null, refusal) : (user, null);
    }

    /// <summary>What a refusal means to whoever looks after accounts; nothing where its own sentence will do.</summary>
    public static string? Say(Problem? refusal) => refusal?.Code == Problems.EmailTaken.Code ? "Another account uses this e-mail address." : null;

    public static Problem? Refuse(PageRequest page, Guard guard, User user) =>
        user.Id == page.User.Id ? Problems.OwnAccount : guard.RefuseBeyond(page.Token, user.Roles);
}
