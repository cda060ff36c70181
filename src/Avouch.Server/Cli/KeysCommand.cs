using System.CommandLine;
using System.Globalization;
using Avouch.Server.Keys;

namespace Avouch.Server.Cli;

/// <summary>A signing key as the shell shows one; never its private half.</summary>
/// <param name="CreatedAt">Null for the secret of HS256: only whoever set it knows.</param>
internal sealed record KeyLine(string Kid, string Algorithm, string State, DateTimeOffset? CreatedAt, DateTimeOffset? SignsSince, DateTimeOffset? RetiredAt, DateTimeOffset? WithdrawnAt);

/// <summary><c>avouch keys</c>: the keys that sign access tokens, and the master key that they lie under.</summary>
internal static class KeysCommand
{
    private const string ExchangeSecret = "Exchange AVOUCH_JWT_SECRET and start the server again: what the old secret signed is refused then, clients refresh, and nobody signs in again. The API that checks the tokens needs the new secret too.";

    public static Command Build(CommandRunner runner) => new("keys", "Shows, rotates and withdraws signing keys, and seals them under a new master key.\n\nExample:\n  avouch keys list")
    {
        ListCommand(runner), RotateCommand(runner), WithdrawCommand(runner), ReencryptCommand.Build(runner),
    };

    private static Command ListCommand(CommandRunner runner)
    {
        var isJson = Listing.JsonOption();
        var command = new Command("list", "Lists all signing keys that were ever made here, the oldest first: next (published ahead), signing, retired (what it signed still counts), withdrawn. With AVOUCH_ALGORITHM=HS256 the secret of AVOUCH_JWT_SECRET stands last; it signs, and the others are verifying only (published, and ready for another algorithm).\n\nExample:\n  avouch keys list --json | jq -r 'select(.state == \"signing\") | .kid'") { isJson };
        command.SetAction((parsed, _) => runner(parsed, async context =>
            await Begin(context.Output, parsed.GetValue(isJson)).All(await Lines(context.Get<SigningKeys>()))));
        return command;
    }

    private static Command RotateCommand(CommandRunner runner)
    {
        var isNow = new Option<bool>("--now") { Description = "Does not wait until the next key has been published for ten minutes. Whoever caches the key set may refuse its tokens until then." };
        var command = new Command("rotate", "Makes the next key sign. What the old one signed still counts; nobody notices, as the next key has been published for ten minutes at least. It refuses before.\n\nExample:\n  avouch keys rotate") { isNow };
        command.SetAction((parsed, _) => runner(parsed, context => Rotate(context, parsed.GetValue(isNow))));
        return command;
    }

    private static async Task<ExitCode> Rotate(CommandContext context, bool isNow)
    {
        var keys = context.Get<SigningKeys>();
        if (keys.FindSecretId() is not null) return await context.Refuse($"With AVOUCH_ALGORITHM=HS256 no stored key signs, so there is nothing to rotate. {ExchangeSecret}");
        var rotation = await keys.Rotate(isNow);
        var until = Second(rotation.KnownFrom);
        if (rotation.Signing is not { } keyId)
            return await context.Refuse($"Nothing was done: whoever caches the key set may not know the next key before {until}. Wait until then. If its tokens may be refused so long: avouch keys rotate --now");
        await context.Output.WriteLineAsync($"{keyId} signs now.");
        if (rotation.KnownFrom > context.Get<TimeProvider>().GetUtcNow()) await context.Output.WriteLineAsync($"Whoever caches the key set may refuse its tokens until {until}.");
        return ExitCode.Done;
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
        if (keyId.Length == 0) return await context.Refuse("The id of the key is empty. This shows them all: avouch keys list");
        var lives = await KeyLife.List(keys);
        if (lives.Find(key => key.KeyId == keyId) is not { } key) return await context.Refuse($"There is no key \"{Listing.Clean(keyId)}\". This shows them all: avouch keys list");
        if (key.IsSecret) return await context.Refuse($"{keyId} is the secret of AVOUCH_JWT_SECRET, which is not stored here. {ExchangeSecret}");
        if (key.WithdrawnAt is null && !await context.Confirm($"Withdraw the key {keyId} ({key.State}) for good?", isYes)) return ExitCode.Failed;
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

    private static async Task<List<KeyLine>> Lines(SigningKeys keys) => (await KeyLife.List(keys)).ConvertAll(key =>
        new KeyLine(key.KeyId, key.Algorithm, key.State, key.CreatedAt, key.SignsSince, key.RetiredAt, key.WithdrawnAt));

    /// <summary>Rounded up: whoever waits until then has waited long enough.</summary>
    private static string Second(DateTimeOffset time) => time.AddSeconds(1).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
