using System.Reflection;
using System.Text.RegularExpressions;
using Avouch.Server.Settings;

namespace Avouch.Server.Tests.House;

/// <summary>Keeps docs/asvs.md true: every requirement is there, and every test that it names exists and says the same.</summary>
public sealed partial class AsvsTests
{
    private static readonly List<Requirement> Rows =
    [
        .. RowOfTable().Matches(Repository.Read("docs/asvs.md")).Select(match => new Requirement(
            match.Groups["id"].Value, int.Parse(match.Groups["level"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture), match.Groups["state"].Value, match.Groups["proof"].Value)),
    ];

    private static readonly Dictionary<string, MethodInfo> Tests = FindTests();

    /// <summary>Number and level of everything in V3, V6, V7, V8, V9, V11, V13, V14 and V16 of ASVS 5.0.0 that is not level 3.</summary>
    private const string Standard =
        """
        3.2.1:1 3.2.2:1 3.3.1:1 3.3.2:2 3.3.3:2 3.3.4:2 3.4.1:1 3.4.2:1 3.4.3:2 3.4.4:2 3.4.5:2 3.4.6:2 3.5.1:1 3.5.2:1 3.5.3:1 3.5.4:2 3.5.5:2 3.7.1:2 3.7.2:2
        6.1.1:1 6.1.2:2 6.1.3:2 6.2.1:1 6.2.2:1 6.2.3:1 6.2.4:1 6.2.5:1 6.2.6:1 6.2.7:1 6.2.8:1 6.2.9:2 6.2.10:2 6.2.11:2 6.2.12:2
        6.3.1:1 6.3.2:1 6.3.3:2 6.3.4:2 6.4.1:1 6.4.2:1 6.4.3:2 6.4.4:2 6.5.1:2 6.5.2:2 6.5.3:2 6.5.4:2 6.5.5:2
        6.6.1:2 6.6.2:2 6.6.3:2 6.8.1:2 6.8.2:2 6.8.3:2 6.8.4:2
        7.1.1:2 7.1.2:2 7.1.3:2 7.2.1:1 7.2.2:1 7.2.3:1 7.2.4:1 7.3.1:2 7.3.2:2 7.4.1:1 7.4.2:1 7.4.3:2 7.4.4:2 7.4.5:2 7.5.1:2 7.5.2:2 7.6.1:2 7.6.2:2
        8.1.1:1 8.1.2:2 8.2.1:1 8.2.2:1 8.2.3:2 8.3.1:1 8.4.1:2
        9.1.1:1 9.1.2:1 9.1.3:1 9.2.1:1 9.2.2:2 9.2.3:2 9.2.4:2
        11.1.1:2 11.1.2:2 11.2.1:2 11.2.2:2 11.2.3:2 11.3.1:1 11.3.2:1 11.3.3:2 11.4.1:1 11.4.2:2 11.4.3:2 11.4.4:2 11.5.1:2 11.6.1:2
        13.1.1:2 13.2.1:2 13.2.2:2 13.2.3:2 13.2.4:2 13.2.5:2 13.3.1:2 13.3.2:2 13.4.1:1 13.4.2:2 13.4.3:2 13.4.4:2 13.4.5:2
        14.1.1:2 14.1.2:2 14.2.1:1 14.2.2:2 14.2.3:2 14.2.4:2 14.3.1:1 14.3.2:2 14.3.3:2
        16.1.1:2 16.2.1:2 16.2.2:2 16.2.3:2 16.2.4:2 16.2.5:2 16.3.1:2 16.3.2:2 16.3.3:2 16.3.4:2 16.4.1:2 16.4.2:2 16.4.3:2 16.5.1:2 16.5.2:2 16.5.3:2
        """;

    public static TheoryData<string> Ids { get; } = [.. Rows.Select(row => row.Id)];

    [Fact]
    public void Every_requirement_of_these_chapters_and_levels_has_one_row() =>
        Assert.Equal(Standard.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries), Rows.Select(row => $"{row.Id}:{row.Level}"));

    [Theory]
    [MemberData(nameof(Ids))]
    public void What_is_met_names_tests_that_exist_and_carry_its_number(string id)
    {
        var row = Rows.Single(row => row.Id == id);
        var named = TestName().Matches(row.Proof).Select(match => match.Groups[1].Value).ToList();

        Assert.All(named, name => Assert.True(Tests.ContainsKey(name), $"{id} names {name}, and there is no such test."));
        if (row.State != "met") return;
        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.True(NumbersOf(Tests[name]).Contains(id), $"{name} has no [Trait(\"ASVS\", \"{id}\")]."));
    }

    [Fact]
    [Trait("ASVS", "7.1.1")]
    public void The_documented_limits_of_a_session_are_those_of_the_settings()
    {
        var document = Repository.Read("docs/decisions/0022-how-long-a-session-lives.md");
        var settings = AvouchSettings.Read(new SettingsSource()).Settings!;

        Assert.Contains($"{settings.Sessions.IdleLimit.TotalDays} days without a refresh", document, StringComparison.Ordinal);
        Assert.Contains($"{settings.Sessions.AbsoluteLimit.TotalDays} days whatever happens", document, StringComparison.Ordinal);
        Assert.Contains($"An access token lives {settings.Tokens.AccessLifetime.TotalMinutes} minutes", document, StringComparison.Ordinal);
        Assert.Contains($"at most {settings.Sessions.PerUser} sessions", document, StringComparison.Ordinal);
    }

    private static IEnumerable<string> NumbersOf(MethodInfo test) => test.GetCustomAttributes<TraitAttribute>().Where(trait => trait.Name == "ASVS").Select(trait => trait.Value);

    /// <summary>Those of this assembly and of the one beside it, which is built with it.</summary>
    private static Dictionary<string, MethodInfo> FindTests()
    {
        var beside = AppContext.BaseDirectory.Replace("Avouch.Server.Tests", "Avouch.Protocol.Tests", StringComparison.Ordinal);
        var protocol = Assembly.LoadFrom(Path.Combine(beside, "Avouch.Protocol.Tests.dll"));
        return new[] { protocol, Assembly.GetExecutingAssembly() }.SelectMany(assembly => assembly.GetTypes()).SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttributes<FactAttribute>().Any())
            .GroupBy(method => $"{method.DeclaringType!.Name}.{method.Name}")
            .ToDictionary(group => group.Key, group => group.First());
    }

    private sealed record Requirement(string Id, int Level, string State, string Proof);

    [GeneratedRegex(@"^\| (?<id>\d+\.\d+\.\d+) \| (?<level>[12]) \| [^|]+ \| (?<state>met|not met yet|does not apply) \| (?<proof>[^|]{5,}) \|$", RegexOptions.Multiline)]
    private static partial Regex RowOfTable();

    [GeneratedRegex(@"`(\w+Tests\.\w+)`")]
    private static partial Regex TestName();
}
