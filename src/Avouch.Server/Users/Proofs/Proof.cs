using Avouch.Server.Data;

namespace Avouch.Server.Users;

/// <summary>What a mailed secret is good for. These words stand in people's databases: they are never renamed.</summary>
internal static class ProofPurpose
{
    public const string ResetPassword = "reset_password";
    public const string VerifyEmail = "verify_email";
    public const string ChangeEmail = "change_email";
    public const string UndoEmailChange = "undo_email_change";
}

/// <summary>A secret that is out there, as it is stored.</summary>
/// <param name="Email">The address that it proves, becomes or was.</param>
/// <param name="Cause">The journal row of its making.</param>
internal sealed record Proof(Guid UserId, string Email, string EmailKey, long Cause)
{
    public const string Columns = "user_id, email, email_key, cause";

    public static Proof Read(Row row) => new(row.Id(0), row.Text(1), row.Text(2), row.Long(3));
}

/// <summary>What waits for its secret, and until when.</summary>
/// <param name="Email">As of <see cref="Proof"/>.</param>
internal sealed record PendingProof(string Email, DateTimeOffset ExpiresAt);

/// <summary>What a new secret is bound to.</summary>
/// <param name="BoundTo">The account's address: with another one the secret is dead. Nothing where it outlives a change.</param>
internal sealed record NewProof(string Purpose, Guid UserId, string Email, string? BoundTo, long Cause);

/// <summary>A secret that was just made, and until when it counts.</summary>
internal sealed record IssuedProof(ProofToken Token, DateTimeOffset ExpiresAt);
