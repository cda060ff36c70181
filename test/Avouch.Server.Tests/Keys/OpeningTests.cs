using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Settings;
using Avouch.Server.Tests.Harness;
using Microsoft.AspNetCore.Connections;

namespace Avouch.Server.Tests.Keys;

/// <summary>The moment between listening and serving.</summary>
public sealed class OpeningTests : ServerTests
{
    [Fact]
    public async Task Nobody_is_answered_before_the_issuer_is_written_down()
    {
        var opening = new Opening(Server.Get<AvouchSettings>(), new Installation("https://new.example.test", TestServer.Issuer), Server.Get<Database>(), Server.Get<SecurityJournal>(), Server.Time);
        string? seen = null;
        var connection = opening.HoldBack(async _ => seen = await Installation.FindIssuer(Server.Database))(new DefaultConnectionContext());
        Assert.False(connection.IsCompleted);

        await opening.StartedAsync(TestContext.Current.CancellationToken);
        await connection;

        Assert.Equal("https://new.example.test", seen);
        Assert.Equal("issuer: https://new.example.test", Assert.Single(await Server.Journal(), row => row.Kind == JournalKind.SettingChanged).Detail);
    }

    [Fact]
    public async Task The_first_issuer_is_no_change()
    {
        Assert.Equal(TestServer.Issuer, await Installation.FindIssuer(Server.Database));
        Assert.DoesNotContain(await Server.Journal(), row => row.Kind == JournalKind.SettingChanged);

        await Restart(("AVOUCH_PUBLIC_URL", "https://new.example.test"));

        Assert.Equal("https://new.example.test", await Installation.FindIssuer(Server.Database));
        Assert.Single(await Server.Journal(), row => row.Kind == JournalKind.SettingChanged);
    }
}
