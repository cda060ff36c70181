namespace Avouch.Server.Tests.Runbooks;

/// <summary>docs/runbooks/backup-and-restore.md, followed from its first line to its last.</summary>
public sealed class BackupAndRestoreTests
{
    [Fact]
    public async Task Every_step_does_what_the_document_says()
    {
        using var runbook = new Runbook("backup-and-restore");
        var data = runbook.Replace("/var/lib/avouch");
        var backups = runbook.Replace("/var/backups/avouch");
        runbook.Replace("/root/avouch-keys");

        var said = await runbook.Run(data, new Dictionary<int, string> { [2] = SignUp(runbook, "early"), [3] = SignUp(runbook, "late") });

        Assert.Equal(7, said.Length);
        var (backUp, drill, restore, undo) = (said[2], said[3], said[4], said[5]);
        Assert.Contains("The master key is not in it.", backUp, StringComparison.Ordinal);
        Assert.Contains("Restored ", drill, StringComparison.Ordinal);
        foreach (var listed in (string[])[drill, restore])
        {
            Assert.Contains("early@example.test", listed, StringComparison.Ordinal);
            Assert.DoesNotContain("late@example.test", listed, StringComparison.Ordinal);
        }
        Assert.Contains("late@example.test", undo, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(data, "avouch.db-until-*"));
        Assert.Single(Directory.GetFiles(backups));
    }

    private static string SignUp(Runbook runbook, string name) =>
        $$"""curl -fsS -H 'Content-Type: application/json' -d '{"email":"{{name}}@example.test","password":"correct horse 42"}' {{runbook.Url}}api/v1/auth/register""";
}
