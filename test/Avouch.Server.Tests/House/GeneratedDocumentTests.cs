using Avouch.Server.Cli;
using Avouch.Server.Metrics;
using Avouch.Server.Sessions;
using Avouch.Server.Settings;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Tests.House.Documents;
using Avouch.Server.Tests.Metrics;

namespace Avouch.Server.Tests.House;

/// <summary>
/// Documents that are made of the code say what the code says. eng/documents runs this class and copies what it leaves in artifacts/docs.
/// </summary>
public sealed class GeneratedDocumentTests
{
    [Fact]
    public void Every_setting_is_in_its_document() => MustBe("configuration.md", ConfigurationDocument.Write());

    [Fact]
    public void Every_refusal_is_in_its_document() => MustBe("errors.md", ErrorDocument.Write());

    [Fact]
    public void Every_command_is_in_its_document() => MustBe("cli.md", CommandDocument.Write());

    [Fact]
    public void The_schema_of_the_settings_is_a_file() => MustBe("settings.schema.json", SettingsSchema.Write() + "\n");

    [Fact]
    public async Task Every_metric_is_in_its_document_and_shown_with_the_labels_that_it_names()
    {
        await using var server = await TestServer.Start();
        using var client = server.Client();
        await client.Logout(await client.Join("alice"));
        await client.Get("/nothing");
        await server.Get<SessionCount>().Run();
        var read = Exposition.Parse((await client.Get("/metrics")).Text);
        var meter = server.Get<ServerMeter>();

        var described = meter.Descriptions.ToDictionary(description => PrometheusText.NameOf(new MetricFamily(description.Instrument)), description => description.Labels);

        Assert.Equal(described.Keys.Order(StringComparer.Ordinal), read.Families.Keys.Where(name => !name.StartsWith("dotnet_", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.All(described, metric => Assert.Equal(metric.Value, read.Labels(metric.Key)));
        MustBe("metrics.md", MetricsDocument.Write(meter));
    }

    [Fact]
    public void A_refusal_is_made_in_one_file_only() => Assert.All(
        Repository.Sources("src/Avouch.Server").Where(file => !file.EndsWith("/Problems.cs", StringComparison.Ordinal)),
        file => Assert.DoesNotContain("new Problem(", Repository.Read(file), StringComparison.Ordinal));

    [Fact]
    public void Every_command_has_an_example_that_is_a_command()
    {
        var root = CommandDocument.Tree();

        Assert.All(CommandDocument.All(root), command =>
        {
            var help = CommandDocument.HelpOf(root, command);
            Assert.Contains("Example", help, StringComparison.Ordinal);
            Assert.Contains("avouch " + string.Join(' ', Help.PathOf(command).Split(' ').Skip(1)), help[help.IndexOf("Example", StringComparison.Ordinal)..], StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Every_example_parses()
    {
        var root = CommandDocument.Tree();
        var examples = CommandDocument.All(root).SelectMany(command => CommandDocument.HelpOf(root, command).Split('\n'))
            .Where(line => line.StartsWith("  avouch ", StringComparison.Ordinal) && line.IndexOfAny(['[', '<']) < 0)
            .Select(line => line.Split('|', '>', '&')[0].Trim()["avouch ".Length..]).Distinct().ToList();

        Assert.True(examples.Count > 20);
        Assert.All(examples, example => Assert.Empty(root.Parse(example.Split(' ')).Errors));
    }

    private static void MustBe(string name, string text)
    {
        var found = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts/docs"));
        File.WriteAllText(Path.Combine(found.FullName, name), text);
        Assert.True(File.Exists(Path.Combine(Repository.Root, "docs", name)) && Repository.Read("docs/" + name) == text, $"docs/{name} is not what the code says. Run eng/documents.");
    }
}
