using Avouch.Server.Data;
using Avouch.Server.Data.Sqlite;

namespace Avouch.Server.Tests.Data;

public sealed class DataFolderTests : IDisposable
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly DirectoryInfo parent = Directory.CreateTempSubdirectory("avouch-test-");

    private string Folder => Path.Combine(parent.FullName, "new", "data");

    public void Dispose() => parent.Delete(recursive: true);

    [Fact]
    public void A_second_owner_is_refused_and_told_who_the_first_is()
    {
        using var first = DataFolder.Open(Folder);

        var refusal = Assert.Throws<FolderInUseException>(() => DataFolder.Open(Folder));

        Assert.Equal(Environment.ProcessId, refusal.ProcessId);
        Assert.Contains($"process {Environment.ProcessId}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_free_again_when_its_owner_lets_go()
    {
        DataFolder.Open(Folder).Dispose();

        using var second = DataFolder.Open(Folder);

        Assert.Throws<FolderInUseException>(() => DataFolder.Open(Folder));
    }

    [Fact]
    public void A_folder_is_free_again_when_its_owner_is_killed()
    {
        using var holder = new FolderHolder(Folder);
        Assert.Equal(holder.ProcessId, Assert.Throws<FolderInUseException>(() => DataFolder.Open(Folder)).ProcessId);

        holder.Kill();
        using var mine = DataFolder.Open(Folder);

        Assert.Equal(Environment.ProcessId, Assert.Throws<FolderInUseException>(() => DataFolder.Open(Folder)).ProcessId);
    }

    [Fact]
    public async Task Only_the_owner_may_look_into_it()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var folder = DataFolder.Open(Folder);
        await using var database = SqliteDatabase.Open(folder.DatabasePath);
        await database.Write(static tx => tx.ExecuteScript("CREATE TABLE secrets (value text)"));

        var files = Directory.GetFiles(Folder);

        Assert.Equal(
            ["avouch.db", "avouch.db-shm", "avouch.db-wal", "avouch.lock", "avouch.pid"],
            files.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var file in files)
            Assert.Equal(OwnerFile, File.GetUnixFileMode(file));
        Assert.Equal(OwnerFile | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
    }

    [Fact]
    public void A_database_file_that_came_with_wider_rights_is_closed_to_others()
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(Folder);
        var file = Path.Combine(Folder, "avouch.db");
        File.WriteAllBytes(file, []);
        File.SetUnixFileMode(file, OwnerFile | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        using var folder = DataFolder.Open(Folder);

        Assert.Equal(OwnerFile, File.GetUnixFileMode(file));
    }

    /// <summary>Only root can try the other half: its files in the folder of somebody else become theirs.</summary>
    [Fact]
    public void Files_belong_to_the_owner_of_the_folder()
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(Folder);
        Give(Folder);

        using var folder = DataFolder.Open(Folder);
        folder.CreateTemporary("test");

        var owner = FileFacts.Find(Folder)!;
        Assert.Equal(Environment.IsPrivilegedProcess ? 4321u : Ownership.CurrentUser, owner.Owner);
        Assert.Equal(4, Directory.GetFiles(Folder).Length);
        Assert.All(Directory.GetFiles(Folder), file => Assert.Equal((owner.Owner, owner.Group), (FileFacts.Find(file)!.Owner, FileFacts.Find(file)!.Group)));
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_told()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Folder)!);
        File.CreateSymbolicLink(Folder, "nowhere");

        Assert.Equal($"{Folder} is a link that leads nowhere. Mend it, or name a folder with --data.", Assert.Throws<StartException>(() => DataFolder.Open(Folder)).Message);
    }

    [Fact]
    public void A_folder_below_a_file_is_told()
    {
        var file = Path.Combine(parent.FullName, "file");
        File.WriteAllText(file, "");

        var refused = Assert.Throws<StartException>(() => DataFolder.Open(Path.Combine(file, "data")));

        Assert.StartsWith($"The data folder {file}/data cannot be made: ", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("Name a folder with --data that this user may make, or make it first.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_its_place_is_told()
    {
        var file = Path.Combine(parent.FullName, "data");
        File.WriteAllText(file, "");

        Assert.Equal($"{file} is a file, and the data need a folder. Name a folder with --data.", Assert.Throws<StartException>(() => DataFolder.Open(file)).Message);
    }

    [Fact]
    public void A_folder_that_anybody_may_write_into_is_refused_and_nothing_is_put_there()
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(Folder);
        File.SetUnixFileMode(Folder, OwnerFile | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);

        var refusal = Assert.Throws<StartException>(() => DataFolder.Open(Folder));

        Assert.Contains($"chmod 700 {Folder}", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Folder));
    }

    [Fact]
    public void The_newer_of_the_two_libraries_is_in_use() =>
        Assert.True(SqliteLibrary.Version >= new Version(3, 35), $"{SqliteLibrary.Version} is older than what is bundled.");

    private static void Give(string folder)
    {
        if (!Environment.IsPrivilegedProcess)
            return;
        using var chown = System.Diagnostics.Process.Start("chown", ["4321:4322", folder]);
        chown.WaitForExit();
    }
}
