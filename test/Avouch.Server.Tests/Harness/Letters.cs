using System.Text.Json;
using Avouch.Server.Keys;
using Avouch.Server.Mail;
using Microsoft.AspNetCore.WebUtilities;

namespace Avouch.Server.Tests.Harness;

/// <summary>Reads the mail that waits in the outbox, as the one does who sends it.</summary>
internal static class Letters
{
    /// <summary>Every letter with its id, in no order: those of one moment have none.</summary>
    public static async Task<Dictionary<Guid, Letter>> AllLetters(this TestServer server)
    {
        var rows = await server.Database.Read(statements => statements.List(
            "SELECT id, letter FROM mail_outbox WHERE letter IS NOT NULL", static row => (Id: row.Id(0), Sealed: row.Bytes(1))));
        return rows.ToDictionary(row => row.Id, row => Open(server, row.Id, row.Sealed));
    }

    /// <summary>What was mailed because of something.</summary>
    public static async Task<List<Letter>> Mailed(this TestServer server, Func<Task> act)
    {
        var before = await server.AllLetters();
        await act();
        return [.. (await server.AllLetters()).Where(letter => !before.ContainsKey(letter.Key)).Select(letter => letter.Value).OrderBy(letter => letter.Template, StringComparer.Ordinal)];
    }

    /// <summary>The one letter that was mailed because of something.</summary>
    public static async Task<Letter> MailedOne(this TestServer server, string template, Func<Task> act)
    {
        var letter = Assert.Single(await server.Mailed(act));
        Assert.Equal(template, letter.Template);
        return letter;
    }

    public static Uri Link(this Letter letter) => new(letter.Values["link"]);

    /// <summary>The secret in a letter's link.</summary>
    public static string Token(this Letter letter) => QueryHelpers.ParseQuery(letter.Link().Query)["token"].Single()!;

    private static Letter Open(TestServer server, Guid id, byte[] sealedBytes)
    {
        Assert.True(server.Get<MasterKeys>().TryOpen(sealedBytes, $"mail/{id:D}", out var bytes));
        return JsonSerializer.Deserialize(bytes, LetterJson.Default.Letter)!;
    }
}
