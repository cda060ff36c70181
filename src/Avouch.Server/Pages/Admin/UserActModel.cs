using Avouch.Server.Http;
using Avouch.Server.Users;

namespace Avouch.Server.Pages.Admin;

/// <summary>What can be done to an account on a page of its own that asks first.</summary>
internal enum UserAct
{
    Disable,
    Enable,
    Unlock,
    EndSession,
    EndSessions,
    SendReset,
    Delete,
}

/// <param name="Path">Where the form goes.</param>
/// <param name="Device">Of the session that is to end.</param>
internal sealed record UserActModel(UserAct Act, User User, string Path, string? Device);

/// <summary>Somebody of a bulk action, and what stands against it.</summary>
internal sealed record UserActResult(User User, Problem? Refusal);

/// <param name="People">Whom it concerns; what is known to stand against it before, and how it went afterwards.</param>
/// <param name="IsDone">Whether this is afterwards.</param>
/// <param name="Back">The list from which this comes.</param>
internal sealed record UsersActModel(UserAct Act, IReadOnlyList<UserActResult> People, bool IsDone, string Path, string Back)
{
    /// <summary>The field that names them all.</summary>
    public string Ids => string.Join(' ', People.Select(person => person.User.Id.ToString("D")));
}
