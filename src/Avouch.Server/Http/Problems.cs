using Avouch.Protocol;
using Avouch.ResourceServer;
using Avouch.Server.Limits;

namespace Avouch.Server.Http;

/// <summary>Every refusal that the API knows: its status, its stable code and its sentence.</summary>
internal static class Problems
{
    private const string Realm = "avouch";

    /// <summary>Byte for byte the same for a name that nobody has and for a wrong password (ASVS 6.3.8).</summary>
    public static Problem WrongCredentials(long? cause) => new(401, "invalid_credentials", "Incorrect username or password.")
    {
        Challenge = BearerError.NoToken(Realm),
        Cause = cause,
    };

    public static Problem AccountDisabled(long? cause) => new(403, "account_disabled", "This account is disabled. Ask an administrator to enable it.") { Cause = cause };

    public static Problem InvalidRefreshToken(long? cause = null) => new(401, "invalid_refresh_token", "The refresh token is not valid any more. Sign in again.")
    {
        Challenge = BearerError.InvalidToken(Realm, "The refresh token is not valid any more."),
        Cause = cause,
    };

    public static Problem Busy(TimeSpan retryAfter) => new(503, "busy", "Too many sign-ins are waiting. Try again shortly.") { RetryAfter = retryAfter };

    /// <summary>The same bytes whoever was meant, and whether there is such a one or not (ASVS 6.3.8).</summary>
    public static Problem TooManyRequests(Verdict verdict) => new(429, "too_many_requests", "Too many tries. Wait as long as the header Retry-After says.")
    {
        RetryAfter = verdict.RetryAfter,
        Limit = verdict with { Remaining = 0 },
    };

    public static readonly Problem EmailTaken = new(409, "email_taken", "An account with this e-mail address exists already.");

    public static readonly Problem UsernameTaken = new(409, "username_taken", "This user name is taken. Choose another one.");

    public static readonly Problem UsernameLooksTaken = new(409, "username_looks_taken", "This user name looks like one that is taken. Choose another one.");

    public static readonly Problem CsrfHeaderMissing = new(403, "csrf_header_missing", $"A request that uses a cookie needs the header {CookieMode.Header}: 1.");

    public static readonly Problem CrossSite = new(403, "cross_site", "A request that uses a cookie has to come from this site itself or from one of AVOUCH_ALLOWED_ORIGINS.");

    public static readonly Problem ForeignForm = new(403, "foreign_form", "This form was sent by another site. Open the page here and send it again.");

    public static readonly Problem FormExpired = new(403, "form_expired", "This form is too old. Open the page again and send it from there.");

    public static readonly Problem CookiesNeeded = new(403, "cookies_needed", "Your browser keeps no cookies of this site, and without them nobody can sign in. Allow them, or open the site by https, and try again.");

    public static readonly Problem NotAdministrator = new(403, "missing_permission", "This is for people who administer this server, and none of your roles permits that.");

    /// <summary>
    /// Of somebody who is signed in. No 401: their token is good, and a client that refreshes on 401 would ask again and again.
    /// </summary>
    public static Problem WrongPassword(long? cause) => new(403, "wrong_password", "The current password is not correct.") { Cause = cause };

    /// <summary>One answer for a secret that is unknown, used, replaced, too old or somebody else's: none of it is anybody's business.</summary>
    public static readonly Problem InvalidResetToken = new(400, "invalid_reset_token", "This reset token is not valid any more. Ask for a new one.");

    /// <inheritdoc cref="InvalidResetToken"/>
    public static readonly Problem InvalidVerificationToken = new(400, "invalid_verification_token", "This verification token is not valid any more. Ask for a new one.");

    /// <inheritdoc cref="InvalidResetToken"/>
    public static readonly Problem InvalidEmailChangeToken = new(400, "invalid_email_change_token", "This token for a new e-mail address is not valid any more. Ask for a new one.");

    /// <inheritdoc cref="InvalidResetToken"/>
    public static readonly Problem InvalidUndoToken = new(400, "invalid_undo_token", "This token cannot undo anything any more.");

    /// <inheritdoc cref="InvalidResetToken"/>
    public static readonly Problem InvalidSetupLink = new(400, "invalid_setup_link", "This set-up link is not valid any more, or it is not whole.");

    public static readonly Problem NotFound = new(404, "not_found", "There is nothing here.");

    public static readonly Problem MetricsTokenNeeded = new(401, "metrics_token_needed", "This is for whoever runs the server: send the token of AVOUCH_METRICS_TOKEN.")
    {
        Challenge = BearerError.NoToken(Realm),
    };

    public static readonly Problem MethodNotAllowed = new(405, "method_not_allowed", "This URL does not take this method; the header Allow names those that it takes.");

    public static readonly Problem ServerFault = new(500, "server_fault", "Something went wrong here. The header Avouch-Reason names the log entry.");

    /// <summary>Nothing was changed: the disk is full or broken.</summary>
    public static readonly Problem StorageFault = new(503, "storage_fault", "Nothing could be stored, and nothing was changed. Try again later.") { RetryAfter = TimeSpan.FromSeconds(10) };

    public static readonly Problem BodyTooLarge = new(413, "body_too_large", "The request body is too large.");

    public static readonly Problem TooSlow = new(408, "too_slow", "The request body came too slowly.");

    public static readonly Problem InvalidJson = new(400, "invalid_json", "The request body is not a JSON object.");

    public static readonly Problem InvalidForm = new(400, "invalid_form", "The request body is not a form in UTF-8 that names each field once.");

    public static readonly Problem HttpsRequired = new(403, "https_required", "This server is used by https only. What was sent just now could be read on its way.");

    public static readonly Problem BadRequest = new(400, "bad_request", "The request could not be read.");

    public static Problem WrongMediaType(string expected) => new(415, "unsupported_media_type", $"Send the body as {expected}.");

    public static Problem Invalid(IReadOnlyDictionary<string, string[]> errors) => new(422, "invalid_input", "Some fields are not valid.") { Errors = errors };

    public static Problem Invalid(string field, string sentence) => Invalid(new Dictionary<string, string[]> { [field] = [sentence] });

    /// <summary>A 401 for a request that needs an access token (RFC 6750 §3).</summary>
    public static Problem Unauthorized(CheckedToken refused)
    {
        if (refused.IsMissing) return new Problem(401, "not_signed_in", "Sign in: this needs an access token.") { Challenge = BearerError.NoToken(Realm) };
        var (code, sentence) = Explain(refused);
        return new Problem(401, code, sentence)
        {
            Challenge = BearerError.InvalidToken(Realm, sentence),
            Cause = refused.Revocation.Cause > 0 ? refused.Revocation.Cause : null,
        };
    }

    /// <summary>A third party's token never opens the account API, whatever its scope says.</summary>
    public static readonly Problem ForeignClient = new(403, "foreign_client", "This token was issued to a client that may not use the account API.");

    public static Problem InsufficientScope(string needed) => new(403, "insufficient_scope", $"The access token lacks the scope {needed}.")
    {
        Challenge = BearerError.InsufficientScope(Realm, "The access token lacks a scope.", Scope.Of(needed)),
    };

    public static Problem MissingPermission(string needed) => new(403, "missing_permission", $"This needs the permission {needed}, which none of your roles gives.") { Missing = needed };

    /// <summary>Of somebody who got more roles while the request was under way.</summary>
    public static readonly Problem Outranked = new(403, "missing_permission", "What you may do has changed since this began, or what is to be changed has. Nothing was done.");

    public static Problem MissingRole(string needed) => new(403, "missing_role", $"This needs the role {needed}.") { Missing = needed };

    public static readonly Problem EmailNotVerified = new(403, "email_not_verified", "Verify your e-mail address first: a mail with a link can be asked for at any time.");

    /// <summary>The client has to send the person through a sign-in; a refresh does not help (RFC 9470 §3).</summary>
    public static readonly Problem RecentSignInNeeded = new(401, "recent_sign_in_needed", "Sign in again for this: your sign-in is more than 10 minutes old.")
    {
        Challenge = BearerError.InsufficientAuthentication(Realm, "The sign-in is too long ago for this.", Guard.MaxSignInAge),
    };

    public static readonly Problem LastAdmin = new(409, "last_admin", "This is the last active administrator. Make another one first.");

    public static readonly Problem DeleteOwnAccount = new(409, "own_account", "This is your own account. Delete it with DELETE /api/v1/users/me, which asks for your password.");

    /// <summary>The same on pages, which have others for it.</summary>
    public static readonly Problem OwnAccount = new(409, "own_account", "This is your own account: change it on the pages of your account.");

    public static readonly Problem NoResetWhileDisabled = new(409, "user_disabled", "This account is disabled, so no mail was sent. Enable it first.");

    public static Problem RoleInUse(long holders) => new(409, "role_in_use", holders == 1 ? "One user has this role. Give them another one first." : $"{holders} users have this role. Give them another one first.");

    public static readonly Problem RoleExists = new(409, "role_exists", "There is a role of this name already.");

    public static readonly Problem RoleBuiltIn = new(409, "role_built_in", "This role is built in: it stays, and nobody takes from admin what it may do.");

    public static readonly Problem MailNotDead = new(409, "mail_not_dead", "Only a mail that was given up can be sent once more.");

    public static readonly Problem TooManyAtOnce = new(400, "too_many_at_once", "At most 100 accounts can be chosen at once. Nothing was changed.");

    public static readonly Problem NextKeyTooYoung = new(409, "next_key_too_young", "Nothing was done: whoever caches the key set may not know the next key yet. Wait, or rotate all the same.");

    public static readonly Problem SecretSigns = new(409, "secret_signs", "With AVOUCH_ALGORITHM=HS256 the secret of the settings signs, so there is nothing to rotate. Exchange AVOUCH_JWT_SECRET and start the server again.");

    public static readonly Problem TooManyRoles = new(409, "too_many_roles", "There are as many roles as there can be.");

    private static (string Code, string Sentence) Explain(CheckedToken refused) => refused.Revocation.Kind switch
    {
        RevocationKind.SessionEnded => ("session_ended", "The session has ended. Sign in again."),
        RevocationKind.UserChanged => ("token_stale", "The account has changed since this token was issued. Refresh it."),
        _ when refused.Fault == TokenFault.Expired => ("token_expired", "The access token has expired. Refresh it."),
        _ => ("invalid_token", "The access token is not valid."),
    };
}
