using System.Reflection;
using System.Text.RegularExpressions;

namespace Avouch.Server.Tests.House;

/// <summary>Keeps the table of docs/architecture.md: who may use whom.</summary>
public sealed partial class DependencyTests
{
    private static readonly string[] Nouns = ["Users", "Sessions", "Keys", "Journal", "Passwords", "Backups", "Mail", "Roles", "Limits", "Metrics", "Health", "Logging", "Places"];

    [Theory]
    [InlineData("Avouch.Protocol", new string[0])]
    [InlineData("Avouch.ResourceServer", new[] { "Avouch.Protocol" })]
    public void A_library_needs_only_the_shared_framework_and_the_projects_before_it(string assembly, string[] allowed)
    {
        var foreign = Assembly.Load(assembly).GetReferencedAssemblies().Select(reference => reference.Name!)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal) && !name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal)
                && !name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal));

        Assert.Equal(allowed, foreign);
    }

    [Fact]
    public void The_protocol_knows_no_web_framework_and_no_clock()
    {
        var references = Assembly.Load("Avouch.Protocol").GetReferencedAssemblies();

        Assert.DoesNotContain(references, reference => reference.Name!.StartsWith("Microsoft.", StringComparison.Ordinal));
        Assert.All(Repository.Sources("src/Avouch.Protocol"), file => Assert.DoesNotContain("TimeProvider", Repository.Read(file), StringComparison.Ordinal));
    }

    [Fact]
    public void An_endpoint_holds_no_SQL() =>
        Assert.All(Repository.Sources("src/Avouch.Server/Endpoints"), file => Assert.DoesNotMatch(Sql(), Repository.Read(file)));

    [Fact]
    public void An_endpoint_does_not_use_another_folder_of_endpoints() =>
        Assert.All(Repository.Sources("src/Avouch.Server/Endpoints"), file => Assert.DoesNotContain("using Avouch.Server.Endpoints", Repository.Read(file), StringComparison.Ordinal));

    [Fact]
    public void A_noun_does_not_know_HTTP() => Assert.All(
        Nouns.SelectMany(noun => Repository.Sources($"src/Avouch.Server/{noun}")),
        file => Assert.DoesNotMatch(@"HttpContext|IResult|Avouch\.Server\.(Http|Endpoints|Cli)", Repository.Read(file)));

    [Fact]
    public void Data_knows_no_noun() => Assert.All(
        Repository.Sources("src/Avouch.Server/Data"),
        file => Assert.DoesNotMatch($@"Avouch\.Server\.({string.Join('|', Nouns)}|Http|Endpoints|Settings|Cli)", Repository.Read(file)));

    [Fact]
    public void Every_noun_stands_in_the_table_of_the_architecture_and_nothing_else_does()
    {
        var table = NounRow().Matches(Repository.Read("docs/architecture.md")).SelectMany(row => row.Groups[1].Value.Split(", ")).Select(name => name.Trim('`'));

        Assert.Equal(Nouns.Order(StringComparer.Ordinal), table.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_path_of_a_refresh_is_four_files_under_400_lines()
    {
        string[] path =
        [
            "src/Avouch.Server/Routes.cs", "src/Avouch.Server/Endpoints/Auth/Refresh.cs",
            "src/Avouch.Protocol/Tokens/RefreshToken.cs", "src/Avouch.Server/Sessions/Rotation.cs",
        ];

        Assert.InRange(path.Sum(file => Repository.Read(file).Count(letter => letter == '\n')), 100, 400);
    }

    [Fact]
    public void No_source_file_is_longer_than_300_lines() =>
        Assert.All(Repository.Sources("src"), file => Assert.InRange(Repository.Read(file).Count(letter => letter == '\n'), 1, 300));

    [GeneratedRegex(@"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b")]
    private static partial Regex Sql();

    [GeneratedRegex(@"^\| ((?:`[A-Z][a-z]+`(?:, )?)+) \|", RegexOptions.Multiline)]
    private static partial Regex NounRow();
}
