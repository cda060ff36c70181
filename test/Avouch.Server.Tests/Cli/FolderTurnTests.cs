using Avouch.Server.Cli;
using Avouch.Server.Data;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Cli;

/// <summary>A data folder that a command holds is waited for; one that a server holds is not.</summary>
public sealed class FolderTurnTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("avouch-test-").FullName;
    private readonly ManualTime time = new();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Whoever_waits_for_a_command_gets_the_folder_when_it_is_done()
    {
        var command = DataFolder.Open(folder, Holder.Command);
        var waiting = Wait();
        Assert.False(waiting.IsCompleted);

        command.Dispose();
        time.Advance(TimeSpan.FromMilliseconds(100));

        using var mine = await waiting;
        Assert.Equal(folder, mine.FullPath);
    }

    [Fact]
    public async Task After_five_seconds_it_is_told_that_a_command_holds_it()
    {
        using var command = DataFolder.Open(folder, Holder.Command);
        var waiting = Wait();

        time.Advance(FolderTurn.Patience - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);
        while (!waiting.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        var refused = await Assert.ThrowsAsync<FolderInUseException>(() => waiting);
        Assert.Equal((true, Environment.ProcessId), (refused.IsCommand, refused.ProcessId));
        Assert.EndsWith("which carries out a command of avouch. Wait for its end and try again, or choose another folder with --data.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_waits_for_a_server()
    {
        using var server = DataFolder.Open(folder);

        var refused = await Assert.ThrowsAsync<FolderInUseException>(Wait);

        Assert.Contains($"process {Environment.ProcessId}. Stop that one", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_is_typed_beside_another_runs_when_that_is_done()
    {
        await Place.Install(folder);
        var command = DataFolder.Open(folder, Holder.Command);
        await using var listing = Child.Start(folder, "users", "list", "--data", folder);
        var ending = listing.Finish();

        await Task.WhenAny(ending, Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System));
        Assert.False(ending.IsCompleted);
        command.Dispose();

        Assert.Equal(0, (await ending).Exit);
    }

    private Task<DataFolder> Wait() => FolderTurn.Await(() => DataFolder.Open(folder), time, CancellationToken.None);
}
