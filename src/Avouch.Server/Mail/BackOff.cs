using System.Security.Cryptography;

namespace Avouch.Server.Mail;

/// <summary>
/// When a letter is tried again. A server that restarts is back in a minute, one that is broken takes a working day; together more than a day, so that
/// a night and a morning lose nothing.
/// </summary>
internal static class BackOff
{
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(2), .. Enumerable.Repeat(TimeSpan.FromHours(4), 6),
    ];

    /// <summary>The shortest time between the first try and the last.</summary>
    public static TimeSpan Total => Waits.Aggregate((sum, wait) => sum + wait);

    /// <summary>So many tries there are.</summary>
    public static int MaxAttempts => Waits.Length + 1;

    /// <summary>How long to wait after a try, up to a fifth longer than its number says: letters that failed together do not come back together.</summary>
    /// <param name="attempt">Counted from 1.</param>
    /// <returns>Nothing after the last.</returns>
    public static TimeSpan? After(long attempt) =>
        attempt > Waits.Length ? null : Waits[attempt - 1] + Waits[attempt - 1] * (RandomNumberGenerator.GetInt32(1000) / 5000.0);
}
