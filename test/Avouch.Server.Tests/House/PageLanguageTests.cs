using System.Text.Json;
using System.Text.RegularExpressions;
using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Passwords;
using Avouch.Server.Roles;
using Avouch.Server.Tests.House.Documents;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.House;

/// <summary>Whatever a page says in English, it says in German too; and nothing is translated that no page says.</summary>
public sealed partial class PageLanguageTests
{
    /// <summary>Where the words of pages stand.</summary>
    private static readonly string[] Folders = ["src/Avouch.Server/Pages", "src/Avouch.Server/Endpoints"];

    /// <summary>Endpoints of pages: their refusals and their faults of fields are shown to people.</summary>
    private static readonly string[] PageEndpoints = ["/Endpoints/Welcome/", "/Endpoints/Links/", "/Endpoints/Account/", "/Endpoints/Administration/"];

    /// <summary>What stands in front of a page, or is made for it elsewhere.</summary>
    private static readonly string[] CommonRefusals =
    [
        nameof(Problems.EmailTaken), nameof(Problems.UsernameTaken), nameof(Problems.UsernameLooksTaken), nameof(Problems.ForeignForm), nameof(Problems.FormExpired), nameof(Problems.CookiesNeeded),
        nameof(Problems.NotAdministrator), nameof(Problems.MissingPermission), nameof(Problems.MissingRole), nameof(Problems.EmailNotVerified), nameof(Problems.NotFound), nameof(Problems.ServerFault),
        nameof(Problems.StorageFault), nameof(Problems.BodyTooLarge), nameof(Problems.TooSlow), nameof(Problems.InvalidForm), nameof(Problems.BadRequest), nameof(Problems.WrongMediaType),
    ];

    [Fact]
    public void Every_sentence_of_a_page_is_there_in_German() => MustBeTranslated(Said().Select(said => (said.File, said.Sentence)));

    [Fact]
    public void Only_sentences_that_can_be_found_go_into_a_page() =>
        Assert.All(Arguments(), argument => Assert.True(Literals(argument.Text).Any() || argument.Text == "name", $"{argument.File}: T({argument.Text}) names no sentence."));

    [Fact]
    public void Every_notice_and_refusal_is_there_in_German() => MustBeTranslated(PageSentences.All.Select(sentence => ("PageSentences", sentence)));

    [Fact]
    public void Every_refusal_that_a_page_can_show_is_there_in_German()
    {
        var named = PageFiles().SelectMany(file => ProblemName().Matches(Repository.Read(file)).Select(match => match.Groups[1].Value)).Concat(CommonRefusals).ToHashSet(StringComparer.Ordinal);
        var shown = ErrorDocument.AllNamed().Where(problem => named.Contains(problem.Name) && problem.Problem.Code != "too_many_requests").ToList();

        Assert.True(shown.Count > 20);
        MustBeTranslated(shown.Select(problem => (problem.Name, PageSentences.SentenceOf(problem.Problem))));
        Assert.DoesNotContain(shown, problem => PageSentences.SentenceOf(problem.Problem).Contains('…', StringComparison.Ordinal));   // a gap that nobody can translate
    }

    [Fact]
    public void Every_fault_of_a_field_is_there_in_German() => MustBeTranslated(FieldSentences().Select(sentence => ("a field", sentence)));

    [Fact]
    public void Nothing_is_translated_that_no_page_says()
    {
        var said = Said().Select(said => said.Sentence).Concat(PageSentences.All).Concat(FieldSentences()).Concat(ErrorDocument.All().Select(problem => problem.Detail))
            .Concat(Repository.Sources("src/Avouch.Server").SelectMany(file => Literals(Repository.Read(file), anywhere: true))).ToHashSet(StringComparer.Ordinal);

        Assert.All(PageLanguage.German.Keys, key => Assert.Contains(key, said));
    }

    [Fact]
    public void A_translation_has_the_gaps_of_its_sentence() => Assert.All(
        PageLanguage.German.Keys, key => Assert.Equal(Gap().Matches(key).Select(gap => gap.Value).Order(), Gap().Matches(PageLanguage.German[key]).Select(gap => gap.Value).Order()));

    /// <summary>Files of two areas may both have a sentence; which of them is read last must not matter.</summary>
    [Fact]
    public void A_sentence_has_one_translation()
    {
        var texts = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src/Avouch.Server/Pages/Languages/de"), "*.json")
            .SelectMany(file => JsonDocument.Parse(File.ReadAllText(file)).RootElement.EnumerateObject().Select(text => (text.Name, Text: text.Value.GetString()!))).ToList();

        Assert.All(texts.GroupBy(text => text.Name), same => Assert.Single(same.Select(text => text.Text).Distinct()));
        Assert.All(texts, text => Assert.NotEmpty(text.Text.Trim()));
    }

    private static void MustBeTranslated(IEnumerable<(string Where, string Sentence)> sentences)
    {
        var missing = sentences.Where(said => !PageLanguage.German.Keys.Contains(said.Sentence)).Select(said => $"{said.Where}: {said.Sentence}").Distinct().ToList();
        Assert.True(missing.Count == 0, "No German for\n" + string.Join("\n", missing));
    }

    private static IEnumerable<(string File, string Sentence)> Said()
    {
        foreach (var (file, text) in Arguments())
            foreach (var literal in Literals(text)) yield return (file, literal);
        foreach (var file in Files())
            foreach (Match match in OtherSentence().Matches(Repository.Read(file))) yield return (file, Unescape(match));
    }

    /// <summary>The first argument of each call of <c>T</c>.</summary>
    private static IEnumerable<(string File, string Text)> Arguments()
    {
        foreach (var file in Files())
        {
            var text = Repository.Read(file);
            foreach (Match call in Call().Matches(text))
                if (FirstArgument(text, call.Index + call.Length) is var argument && !argument.StartsWith("string ", StringComparison.Ordinal)) yield return (file, argument);
        }
    }

    private static string FirstArgument(string text, int start)
    {
        var (depth, isQuoted) = (0, false);
        for (var i = start; i < text.Length; i++)
        {
            if (isQuoted && text[i] == '\\') i++;
            else if (text[i] == '"') isQuoted = !isQuoted;
            else if (isQuoted) continue;
            else if (depth == 0 && text[i] is ',' or ')') return text[start..i].Trim();
            else if (text[i] is '(' or '[' or '{') depth++;
            else if (text[i] is ')' or ']' or '}') depth--;
        }
        return "";
    }

    /// <summary>Sentences of an expression: itself, or what a choice leads to.</summary>
    private static IEnumerable<string> Literals(string expression, bool anywhere = false) => (anywhere ? AnyLiteral() : ChosenLiteral()).Matches(expression).Select(Unescape);

    private static string Unescape(Match literal) => Regex.Unescape(literal.Groups[1].Value);

    private static IEnumerable<string> FieldSentences() =>
    [
        .. PageFiles().Append("src/Avouch.Server/Users/SignUp.cs").SelectMany(file => FieldFault().Matches(Repository.Read(file)).Select(Unescape)),
        .. RuleSentence().Matches(Repository.Read("src/Avouch.Server/Users/AccountRules.cs")).Select(Unescape),
        AccountRules.CheckUsername("x")!, AccountRules.CheckFullName(new string('x', 1000))!,
        .. Enum.GetValues<PasswordFault>().Select(PasswordPolicy.Explain).OfType<string>(),
        RoleGrants.CheckList([])!, RoleGrants.CheckList([.. Enumerable.Repeat("user", 100)])!, RoleGrants.CheckList(["A"])!, ProfileRules.CheckLocale("?")!,
        StoredRole.CheckDescription(new string('x', 1000))!, StoredRole.CheckPermissions(["A"])!, StoredRole.CheckPermissions([.. Enumerable.Repeat("a", 1000)])!,
    ];

    private static IEnumerable<string> PageFiles() => Repository.Sources("src/Avouch.Server/Endpoints").Where(file => PageEndpoints.Any(folder => file.Contains(folder, StringComparison.Ordinal)));

    private static IEnumerable<string> Files() => Folders.SelectMany(folder => Repository.Sources(folder).Concat(
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.razor", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))));

    [GeneratedRegex(@"(?<![\w<.])T\(")]
    private static partial Regex Call();

    [GeneratedRegex(@"(?:^|\? |: |=> )""((?:[^""\\]|\\.)+)""(?=\s*(?:$|:|,|\}|\)))")]
    private static partial Regex ChosenLiteral();

    [GeneratedRegex("\"((?:[^\"\\\\\\n]|\\\\[\"\\\\])+)\"")]
    private static partial Regex AnyLiteral();

    /// <summary>What is said of a refusal, sentences with gaps in code, and the tables of places.</summary>
    [GeneratedRegex(@"(?:says: |Language\.Format\(|Language\[|(?<=[\s\[])\(""/[^""]*"", )""((?:[^""\\]|\\.)+)""")]
    private static partial Regex OtherSentence();

    [GeneratedRegex(@"\bProblems\.(\w+)")]
    private static partial Regex ProblemName();

    [GeneratedRegex(@"(?:= \[|Invalid\(""[a-z_]+"", )""((?:[^""\\]|\\.)+)""[\])]")]
    private static partial Regex FieldFault();

    [GeneratedRegex(@"(?<!\$)""([A-Z][^""{]*\.)""[;,]?")]
    private static partial Regex RuleSentence();

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Gap();
}
