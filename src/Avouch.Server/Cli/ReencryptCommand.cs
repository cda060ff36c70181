using System.CommandLine;
using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Mail;
using Avouch.Server.Settings;

namespace Avouch.Server.Cli;

/// <summary><c>avouch keys reencrypt</c>: seals under the master key of today what still lies under one of yesterday.</summary>
internal static class ReencryptCommand
{
    private const int BatchSize = 200;

    public static Command Build(CommandRunner runner)
    {
        var command = new Command("reencrypt", "Seals everything anew under AVOUCH_SECRET_KEY that still lies under a key of AVOUCH_SECRET_KEY_PREVIOUS. Can be stopped and run again.\n\nExample:\n  avouch keys reencrypt");
        command.SetAction((parsed, _) => runner(parsed, Reencrypt));
        return command;
    }

    private static async Task<ExitCode> Reencrypt(CommandContext context)
    {
        var keys = await context.Get<SigningKeys>().List();
        var resealed = await Reseal(context, keys);
        var mails = await ResealMail(context);
        var now = context.Get<TimeProvider>().GetUtcNow();
        var isNew = await Installation.SetMasterKey(context.Get<Database>(), context.Get<SecurityJournal>(), context.Get<MasterKeys>().Current, now);
        await context.Output.WriteLineAsync($"Private keys sealed anew: {resealed} of {keys.Count}. Mails: {mails}.");
        if (!isNew) return await Say(context, "The database was on this master key already.");
        var last = now + context.Get<SessionSettings>().IdleLimit;
        return await Say(context, $"The database is on the new master key. Keep AVOUCH_SECRET_KEY_PREVIOUS until {Listing.Time(last)} UTC: whoever has not refreshed by then signs in again anyway.");
    }

    private static async Task<int> Reseal(CommandContext context, List<StoredKey> keys)
    {
        var resealed = 0;
        using var progress = context.StartProgress("Sealing private keys", keys.Count);
        foreach (var key in keys)
        {
            context.Stop.ThrowIfCancellationRequested();
            if (await context.Get<SigningKeys>().Reseal(key)) resealed++;
            progress.Advance();
        }
        return resealed;
    }

    private static async Task<int> ResealMail(CommandContext context)
    {
        var resealed = 0;
        for (Guid? after = Guid.Empty; after is not null;)
        {
            context.Stop.ThrowIfCancellationRequested();
            var (count, next) = await context.Get<Outbox>().Reseal(after.Value, BatchSize);
            (resealed, after) = (resealed + count, next);
        }
        return resealed;
    }

    private static async Task<ExitCode> Say(CommandContext context, string sentence)
    {
        await context.Output.WriteLineAsync(sentence);
        return ExitCode.Done;
    }
}
