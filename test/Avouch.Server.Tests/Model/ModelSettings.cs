using System.Globalization;
using Avouch.ResourceServer;
using Avouch.Server.Sessions;

namespace Avouch.Server.Tests.Model;

/// <summary>
/// Limits so close together that a walk meets all of them. An access token lives nearly as long as a session that nobody refreshes, so that
/// tokens outlive the end of their session.
/// </summary>
internal static class ModelSettings
{
    public static readonly ModelLimits Limits = new(
        Grace: TimeSpan.FromSeconds(30),
        Idle: TimeSpan.FromDays(1),
        Absolute: TimeSpan.FromDays(2),
        Access: TimeSpan.FromHours(23),
        KeepEnded: SessionPurge.KeepEnded,
        Slack: RevocationView.Slack,
        SessionsPerUser: 3);

    public static (string Name, string Value)[] All =>
    [
        ("AVOUCH_REFRESH_GRACE_SECONDS", Text(Limits.Grace.TotalSeconds)),
        ("AVOUCH_REFRESH_TOKEN_EXPIRE_DAYS", Text(Limits.Idle.TotalDays)),
        ("AVOUCH_SESSION_MAX_DAYS", Text(Limits.Absolute.TotalDays)),
        ("AVOUCH_ACCESS_TOKEN_EXPIRE_MINUTES", Text(Limits.Access.TotalMinutes)),
        ("AVOUCH_SESSIONS_PER_USER", Text(Limits.SessionsPerUser)),
        ("AVOUCH_JOURNAL_RETENTION_DAYS", "36500"),   // the walk counts its rows,
        ("AVOUCH_KEY_ROTATION_DAYS", "3650"),   // and rotates keys itself
    ];

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
