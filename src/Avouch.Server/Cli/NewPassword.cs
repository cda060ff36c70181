using System.Security.Cryptography;
using Avouch.Server.Passwords;

namespace Avouch.Server.Cli;

/// <summary>A password that somebody chooses on the command line, or that we choose for them.</summary>
internal static class NewPassword
{
    /// <summary>No letter that looks like another one. 32 of them: five bits each, a hundred in all.</summary>
    private const string Letters = "abcdefghijkmnpqrstuvwxyz23456789";

    private const int Groups = 4;
    private const int GroupLength = 5;

    /// <summary>Four groups that can be read out on the telephone.</summary>
    public static string Generate() => string.Join('-', Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString(Letters, GroupLength)));

    /// <summary>Asks for it, on a terminal twice, checks it and hashes it.</summary>
    /// <returns>The hash; <see langword="null"/> where the person has been told why not.</returns>
    public static async Task<string?> Ask(CommandContext context, string prompt, string? username, string email, string? fullName)
    {
        if (await context.AskSecret(prompt) is not { Length: > 0 } password) return await Refuse(context, "No password was given. Type one at the prompt, or pipe it in as one line.");
        if (PasswordPolicy.Check(password, username, email, fullName) is { } weak) return await Refuse(context, weak);
        if (context.Person.CanAnswer && await context.AskSecret("Once more") != password) return await Refuse(context, "The two were not the same. Nothing was done.");
        return await Hash(context, password);
    }

    /// <returns>The hash; <see langword="null"/> where the person has been told why not.</returns>
    public static async Task<string?> Hash(CommandContext context, string password) =>
        (await context.Get<PasswordHasher>().Hash(password, "command line", context.Stop)).Hash
        ?? await Refuse(context, "The server is busy with sign-ins; try again in a moment.");

    private static async Task<string?> Refuse(CommandContext context, string reason)
    {
        await context.Refuse(reason);
        return null;
    }
}
