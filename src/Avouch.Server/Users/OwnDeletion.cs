using Avouch.Server.Journal;

namespace Avouch.Server.Users;

/// <summary>Somebody deletes their own account, with the password once more. The last active administrator cannot.</summary>
internal sealed class OwnDeletion(UserChanges changes, CurrentPassword current, JournalErasure erasure)
{
    /// <returns>How it went with the password; and where that was right, with the deletion.</returns>
    public async Task<(ProofResult Proof, UserChange Change)> Run(Guid user, string password, Caller caller, CancellationToken cancelled)
    {
        var (owner, proof) = await current.Verify(user, password, caller, cancelled);
        if (owner is null) return (proof, UserChange.NothingToDo);
        var change = await changes.Delete(user, keepsAnAdmin: true);
        if (change != UserChange.LastAdmin) await erasure.Run(CancellationToken.None);
        return (proof, change);
    }
}
