using System.Collections.Frozen;

namespace Avouch.Server.Pages.Admin;

/// <summary>What the checks of this server are called for people, and what to do where one is not well.</summary>
internal static class HealthWords
{
    private static readonly FrozenDictionary<string, (string Name, string Advice)> Checks = new Dictionary<string, (string, string)>
    {
        ["database"] = ("Database", "Look at the log and at the disk of the data folder. Nothing is lost that was answered."),
        ["writer"] = ("Writing", "Look whether the disk is slow or something else holds the database. If it stays so, start the server again."),
        ["password_hashing"] = ("Password hashing", "Look whether somebody guesses passwords (refused sign-ins). If all of it is honest, give more hash lanes or a faster machine."),
        ["signing_key"] = ("Signing key", "Look at the log; rotate by hand on the page of the keys."),
        ["revocations"] = ("Ends of sessions", "Start the server again; until then tokens that were taken back may still count."),
        ["disk"] = ("Disk", "Make room: old backups, files of mail, logs. Shorten how long the journal is kept."),
        ["clock"] = ("Clock", "Set the clock of the machine, and let it be kept right by NTP."),
        ["mail"] = ("Mail", "See the page of the mail for what went wrong, mend it, and send once more what was given up."),
    }.ToFrozenDictionary();

    public static string NameOf(string check) => Checks.TryGetValue(check, out var words) ? words.Name : check;

    public static string AdviceOf(string check) => Checks.TryGetValue(check, out var words) ? words.Advice : "Look at the log.";

    public static bool Knows(string check) => Checks.ContainsKey(check);

    /// <summary>Every sentence of the table above, for the test of the languages.</summary>
    public static IEnumerable<string> All => Checks.Values.SelectMany(words => new[] { words.Name, words.Advice }).Append("Look at the log.");
}
