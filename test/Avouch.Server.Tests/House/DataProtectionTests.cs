using System.Text.RegularExpressions;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.House;

/// <summary>Every column of the database has a level of protection in docs/data-protection.md, and each level has its rules.</summary>
public sealed partial class DataProtectionTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static readonly string Document = Repository.Read("docs/data-protection.md");

    [Fact]
    [Trait("ASVS", "14.1.1")]
    public async Task Every_column_has_a_level()
    {
        var stored = await shared.Server.Database.Read(statements => statements.List(
            """
            SELECT tables.name || '.' || columns.name FROM sqlite_master AS tables JOIN pragma_table_info(tables.name) AS columns
             WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%'
            """,
            static row => row.Text(0)));

        Assert.Equal(stored.Order(StringComparer.Ordinal), Classified().Select(column => column.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    [Trait("ASVS", "14.1.2")]
    public void Every_level_that_is_used_has_its_rules()
    {
        var ruled = LevelRow().Matches(Document).Select(row => row.Groups[1].Value);

        Assert.Equal(Classified().Select(column => column.Level).Distinct().Order(StringComparer.Ordinal), ruled.Order(StringComparer.Ordinal));
    }

    private static List<(string Name, string Level)> Classified() =>
    [
        .. Document.Split("\n### ").Skip(1).SelectMany(section => ColumnRow().Matches(section)
            .SelectMany(row => Name().Matches(row.Groups[1].Value).Select(name => ($"{section.Split('\n')[0]}.{name.Groups[1].Value}", row.Groups[2].Value)))),
    ];

    [GeneratedRegex(@"^\| (`[^|]+`) \| (\w+) \|", RegexOptions.Multiline)]
    private static partial Regex ColumnRow();

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex Name();

    /// <summary>A level, what it is, its rules: three columns, and the rules are sentences.</summary>
    [GeneratedRegex(@"^\| (\w+) \| [^|]+ \| [^|]{100,} \|$", RegexOptions.Multiline)]
    private static partial Regex LevelRow();
}
