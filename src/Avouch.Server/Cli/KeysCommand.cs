using System.CommandLine;
using Avouch.Protocol;
using Avouch.Server.Keys;

namespace Avouch.Server.Cli;

/// <summary>A signing key as the shell shows one; never its private half.</summary>
internal sealed record KeyLine(string Kid, string Algorithm, string State, DateTimeOffset CreatedAt, DateTimeOffset? SignsSince, DateTimeOffset? RetiredAt, DateTimeOffset? WithdrawnAt);

/// <summary><c>avouch keys</c>: the keys that sign access tokens, and the master key that they lie under.</summary>
internal static class KeysCommand
{
    public static Command Build(CommandRunner runner) => new("keys", "Shows, rotates and withdraws signing keys, and seals them under a new master key.\n\nExample:\n  avouch keys list")
    {
        ListCommand(runner), RotateCommand(runner), WithdrawCommand(runner), ReencryptCommand.Build(runner),
    };

    private static Command ListCommand(CommandRunner runner)
    {
        var isJson = Listing.JsonOption();
        var command = new Command("list", "Lists all signing keys that were ever made here, the oldest first: next (published ahead), signing, retired (what it signed still counts), withdrawn.\n\nExample:\n  avouch keys list --json | jq -r 'select(.state == \"signing\") | .kid'") { isJson };
        command.SetAction((parsed, _) => runner(parsed, async context =>
            await Begin(context.Output, parsed.GetValue(isJson)).All((await context.Get<SigningKeys>().List()).ConvertAll(ToLine))));
        return command;
    }

    private static Command RotateCommand(CommandRunner runner)
    {
        var command = new Command("rotate", "Makes the next key sign now. What the old one signed still counts; nobody notices.\n\nExample:\n  avouch keys rotate");
        command.SetAction((parsed, _) => runner(parsed, async context =>
        {
            var keyId = await context.Get<SigningKeys>().Rotate();
            await context.Output.WriteLineAsync($"{keyId} signs now.");
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command WithdrawCommand(CommandRunner runner)
    {
        var keyId = new Argument<string>("KID") { Description = "The id of the key, as keys list shows it." };
        var isYes = Questions.YesOption();
        var command = new Command("withdraw", "Withdraws a key for good: every token that it signed is refused at once. Clients refresh and go on; nobody signs in again.\n\nExample:\n  avouch keys withdraw 3vXo4bmWCkUrMRVMYXSqgqrPDL9nOXMIDBBOmOBPyxU --yes") { keyId, isYes };
        command.SetAction((parsed, _) => runner(parsed, context => Withdraw(context, parsed.GetValue(keyId)!, parsed.GetValue(isYes))));
        return command;
    }

    private static async Task<ExitCode> Withdraw(CommandContext context, string keyId, bool isYes)
    {
        var keys = context.Get<SigningKeys>();
        if ((await keys.List()).Find(key => key.KeyId == keyId) is not { } key) return await context.Refuse($"There is no key \"{Listing.Clean(keyId)}\". This shows them all: avouch keys list");
        if (key.State != KeyState.Withdrawn && !await context.Confirm($"Withdraw the key {keyId} ({Name(key.State)}) for good?", isYes)) return ExitCode.Failed;
        var isDone = await keys.Withdraw(keyId);
        await context.Output.WriteLineAsync(isDone ? $"{keyId} is withdrawn. Every token that it signed is refused." : $"{keyId} was withdrawn before. Nothing was done.");
        return ExitCode.Done;
    }

    private static Listing<KeyLine> Begin(TextWriter output, bool isJson) => new(output, isJson, CliJson.Default.KeyLine,
        new("KID", key => key.Kid),
        new("ALGORITHM", key => key.Algorithm),
        new("STATE", key => key.State),
        new("CREATED", key => Listing.Time(key.CreatedAt)),
        new("SIGNS SINCE", key => Listing.Time(key.SignsSince)),
        new("RETIRED", key => Listing.Time(key.RetiredAt)),
        new("WITHDRAWN", key => Listing.Time(key.WithdrawnAt)));

    private static KeyLine ToLine(StoredKey key) => new(key.KeyId, key.Algorithm.Name(), Name(key.State), key.CreatedAt, key.ActiveFrom, key.RetiredAt, key.WithdrawnAt);

    private static string Name(KeyState state) => state.ToString().ToLowerInvariant();
}
