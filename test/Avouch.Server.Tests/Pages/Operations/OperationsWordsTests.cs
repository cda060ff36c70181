using System.Text.RegularExpressions;
using Avouch.Server.Health;
using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Admin;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Tests.House;

namespace Avouch.Server.Tests.Pages.Operations;

/// <summary>Tables of words: nothing that the server knows is without its words, in no language.</summary>
public sealed partial class OperationsWordsTests : ServerTests
{
    [Fact]
    public void Every_kind_of_row_has_its_words_and_a_place_in_the_filter()
    {
        Assert.All(JournalKind.All, kind => Assert.NotNull(JournalWords.Find(kind)));
        Assert.All(JournalKind.All, kind => Assert.Contains(JournalWords.Families, family => kind.StartsWith(family.Family + ".", StringComparison.Ordinal)));
        Assert.All(typeof(EndReason).GetFields().Select(field => (string)field.GetRawConstantValue()!), reason => Assert.NotEqual(reason, JournalWords.Explain(reason)));
    }

    [Fact]
    public void Every_check_of_this_server_and_every_mail_has_its_words()
    {
        Assert.All(Server.Get<IEnumerable<HealthCheck>>(), check => Assert.True(HealthWords.Knows(check.Name), check.Name));
        Assert.All(typeof(MailTemplate).GetFields().Where(field => field.IsLiteral && field.FieldType == typeof(string)).Select(field => (string)field.GetRawConstantValue()!), template => Assert.True(MailNames.Knows(template), template));
    }

    [Fact]
    public void Every_sentence_of_these_pages_stands_in_German_too()
    {
        string[] files = ["Overview", "Journal", "Keys", "RotateKey", "WithdrawKey", "Mail", "RetryMail", "Settings"];
        var sentences = files.Select(file => Repository.Read($"src/Avouch.Server/Pages/Admin/{file}Page.razor")).Append(Repository.Read("src/Avouch.Server/Pages/Parts/Chart.razor"))
            .SelectMany(text => Sentence().Matches(text)).Select(match => match.Groups[1].Value).ToList();

        Assert.InRange(sentences.Count, 100, 500);
        Assert.All(sentences, sentence => Assert.Contains(sentence, PageLanguage.German.Keys));
    }

    [Fact]
    public void Every_sentence_of_the_tables_stands_in_German_too() =>
        Assert.All(JournalWords.All.Concat(HealthWords.All).Concat(MailNames.All).Concat(SettingsModel.All), sentence => Assert.Contains(sentence, PageLanguage.German.Keys));

    [GeneratedRegex(@"\bT\(""([^""]+)""")]
    private static partial Regex Sentence();
}
