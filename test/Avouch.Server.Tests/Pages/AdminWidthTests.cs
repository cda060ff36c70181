using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Mail;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Tests.Pages.Operations;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Pages;

/// <summary>The tables of administration at the widths between a telephone and a large screen, where they have the least room.</summary>
public sealed class AdminWidthTests : ServerTests
{
    private const string LongWord = "Wolfeschlegelsteinhausenbergerdorff Maximilian";

    [Theory]
    [InlineData(820, 1180)]
    [InlineData(1121, 800)]
    [InlineData(1121, 800, "de")]
    [InlineData(1100, 800)]
    public async Task Every_table_stays_in_its_panel(int width, int height, string language = "en")
    {
        await Client.Register("Donaudampfschifffahrtsgesellschaftskapitaenswitwenrentenanstalt".ToLowerInvariant()[..32]);
        var person = await Server.Add("wolf", "wolfeschlegelsteinhausenberger@verwaltung.example.test", LongWord);
        await Server.Add(null, "another.long.address.of.somebody@department.example.test", new string('W', 100));
        await Server.Get<UserChanges>().Disable(person.Id);
        await BusyWeek.Write(Server, 3, JournalKind.SignInsFailed, new string('9', 80));
        var queue = Server.Get<OutboxQueue>();
        await queue.Bury((await queue.Claim())!, "550 <wolfeschlegelsteinhausenberger@verwaltung.example.test> is unknown here");
        for (var month = 0; month < 2; month++)
        {
            Pass(TimeSpan.FromDays(25));
            await Server.Get<SigningKeys>().Rotate(isNow: false);
        }
        await using var root = await Server.Staff(Client, "root", [Role.Admin], new Glasses { Width = width, Height = height, Language = language });

        foreach (var path in (string[])["users", $"users/{person.Id}", $"users/delete?u={person.Id}", "keys", "mail", "mail?state=pending", "journal", "roles", "roles/admin"])
        {
            await root.Open("/admin/" + path);
            await root.Look("width-" + path.Replace(person.Id.ToString(), "one", StringComparison.Ordinal).Replace('/', '-').Split('?')[0]);
        }
    }
}
