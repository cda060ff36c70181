using Avouch.Server.Passwords;

namespace Avouch.Server.Settings;

/// <summary>What is allowed and yet deserves a loud word at each start.</summary>
internal static class SettingsWarnings
{
    /// <summary>The least that OWASP's password storage cheat sheet asks of Argon2id in any of its rows: 7 MiB with five passes.</summary>
    private const int WeakMemoryKiB = 7 * 1024;

    private const string FileSuffix = "_FILE";

    public static IEnumerable<string> Find(ServerSettings server, PasswordHashSettings passwords, SettingsSource source, IReadOnlyList<SettingInForce> known)
    {
        if (!server.LimitsEnabled)
            yield return "AVOUCH_LIMITS_ENABLED=false: nothing slows down somebody who guesses passwords. For tests only.";
        if (passwords.MemoryKiB < WeakMemoryKiB || (passwords.MemoryKiB < 19 * 1024 && passwords.Iterations < 5))
            yield return $"AVOUCH_ARGON2_MEMORY_KIB={passwords.MemoryKiB}, AVOUCH_ARGON2_ITERATIONS={passwords.Iterations}: password hashes this cheap are quickly guessed once stolen. For tests only; the default is 19456 and 2.";
        foreach (var (name, origin) in source.Names())
            if (!known.Any(setting => name == setting.Name || name == setting.Name + FileSuffix))
                yield return $"{name} ({origin}) is not a setting of this version{Suggest(name, known)}";
    }

    private static string Suggest(string name, IReadOnlyList<SettingInForce> known)
    {
        var suffix = name.EndsWith(FileSuffix, StringComparison.Ordinal) ? FileSuffix : "";
        var best = known.MinBy(setting => Distance(name, setting.Name + suffix));
        return best is not null && Distance(name, best.Name + suffix) <= 3 ? $"; did you mean {best.Name}{suffix}?" : ".";
    }

    /// <summary>How many letters have to be put in, left out or changed to come from one word to the other (Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var (diagonal, _) = (row[0], row[0] = i);
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = left[i - 1] == right[j - 1] ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + cost));
            }
        }
        return row[^1];
    }
}
