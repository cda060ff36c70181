using System.Text.Json;
using Avouch.Server.Mail;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Mail;

/// <summary>A server of ours that sends to a real mail server.</summary>
public abstract class MailTests : IAsyncLifetime
{
    private protected const string Link = "https://auth.example.test/reset#token=0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";

    private protected MailServer Smtp { get; private set; } = null!;

    private protected TestServer Server { get; private set; } = null!;

    private protected Outbox Outbox => Server.Get<Outbox>();

    private protected virtual string[] SmtpOptions => [];

    private protected virtual (string Name, string Value)[] Settings => [];

    public async ValueTask InitializeAsync()
    {
        Smtp = await MailServer.Start(SmtpOptions);
        Server = await TestServer.Start(settings: Smtp.Settings(Settings));
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Smtp.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected Letter Reset(string to = "alice@example.test", string? locale = null, params (string Name, string Value)[] more)
    {
        var values = new Dictionary<string, string> { ["link"] = Link, ["expires"] = MailTime.Write(Server.Time.GetUtcNow().AddHours(48)) };
        foreach (var (name, value) in more) values[name] = value;
        return new Letter(MailTemplate.ResetPassword, null, to, locale, values);
    }

    private protected async Task Send(params Letter[] letters)
    {
        foreach (var letter in letters) await Server.Database.Write(async transaction => await Outbox.Add(transaction, letter));
    }

    /// <summary>Sends it and returns what arrived.</summary>
    private protected async Task<JsonElement> Receive(Letter letter)
    {
        var before = Smtp.Messages.Count;
        await Send(letter);
        return await Smtp.Await("message", before + 1);
    }

    private protected async Task<List<OutboxLetter>> List(LetterState state) => await Outbox.List(state, Guid.Empty, 1000);

    private protected Task UntilSent(int count) => Patience.Until(async () => (await List(LetterState.Sent)).Count == count);

    private protected async Task<OutboxLetter> UntilDead()
    {
        await Patience.Until(async () => (await List(LetterState.Dead)).Count == 1);
        return Assert.Single(await List(LetterState.Dead));
    }

    /// <summary>Waits until the one letter has been tried so often and waits again.</summary>
    private protected async Task<OutboxLetter> UntilTried(int attempts)
    {
        await Patience.Until(async () => (await List(LetterState.Pending)) is [{ Fault: not null } letter] && letter.Attempts == attempts && await Server.Database.Read(statements => statements.Find("SELECT COUNT(*) FROM mail_outbox WHERE claimed_at IS NOT NULL", static row => row.Long(0))) == 0);
        return Assert.Single(await List(LetterState.Pending));
    }
}
