using System.Net.Sockets;
using System.Security.Cryptography;
using Avouch.Server.Cli;
using Avouch.Server.Cli.Files;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Cli;

/// <summary>
/// A command that is carried out in a server reads and writes files of the process that was called: both ends of the socket, without a server around them.
/// </summary>
public sealed class ClientFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("avouch-test-").FullName;

    private readonly string data;

    public ClientFileTests() => data = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;

    private OwnFiles Own => new(data, []);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_file_is_read_piece_by_piece_as_it_is()
    {
        var bytes = RandomNumberGenerator.GetBytes(3 * FileRequest.PieceBytes + 17);
        var source = Named("source");
        await File.WriteAllBytesAsync(source, bytes);

        var read = new MemoryStream();
        await Talk([source], async files =>
        {
            await using var stream = await files.OpenRead(source);
            Assert.Equal(bytes.Length, stream.Length);
            await stream.CopyToAsync(read);
        });

        Assert.Equal(bytes, read.ToArray());
    }

    [Fact]
    public async Task A_file_appears_under_its_name_when_it_is_kept_and_only_for_its_owner()
    {
        var bytes = RandomNumberGenerator.GetBytes(2 * FileRequest.PieceBytes + 1);
        var target = Named("target");

        await Talk([target], async files =>
        {
            await using var file = await files.Create(target, Occupied.Refused);
            await file.Content.WriteAsync(bytes);
            Assert.False(File.Exists(target));
            await file.Keep();
            Assert.True(File.Exists(target));
        });

        Assert.Equal(bytes, await File.ReadAllBytesAsync(target));
        Assert.Equal(FileModes.OwnerOnly, FileModes.Of(target));
        Assert.Equal([target], Directory.GetFiles(folder).Where(name => !name.EndsWith(".sock", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_is_not_kept_leaves_nothing_behind()
    {
        var target = Named("target");
        await Talk([target], async files =>
        {
            await using var file = await files.Create(target, Occupied.Refused);
            await file.Content.WriteAsync(new byte[10]);
        });
        var exit = await Talk([target], async files =>
        {
            var file = await files.Create(target, Occupied.Refused);
            await file.Content.WriteAsync(new byte[10]);
            throw new IOException("The disk here is full.");   // and nobody disposes it
        });

        Assert.Equal((1, "The disk here is full."), (exit.Exit, exit.Error.Trim()));
        Assert.DoesNotContain(Directory.GetFiles(folder), name => name.Contains("target", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_there_is_replaced_only_on_request()
    {
        var target = Named("target");
        await File.WriteAllTextAsync(target, "old");

        var refused = await Talk([target], files => files.Create(target, Occupied.Refused));
        Assert.Equal((1, $"\"{target}\" exists already. Choose another name, or replace it with --force."), (refused.Exit, refused.Error.Trim()));
        Assert.Equal("old", await File.ReadAllTextAsync(target));

        await Talk([target], async files =>
        {
            await using var file = await files.Create(target, Occupied.Replaced);
            await file.Content.WriteAsync("new"u8.ToArray());
            Assert.Equal("old", await File.ReadAllTextAsync(target));
            await file.Keep();
        });
        Assert.Equal("new", await File.ReadAllTextAsync(target));
    }

    [Fact]
    public async Task A_name_that_is_taken_meanwhile_is_not_overwritten()
    {
        var target = Named("target");

        var refused = await Talk([target], async files =>
        {
            await using var file = await files.Create(target, Occupied.Refused);
            await File.WriteAllTextAsync(target, "somebody else's");
            await file.Keep();
        });

        Assert.Equal(1, refused.Exit);
        Assert.Equal("somebody else's", await File.ReadAllTextAsync(target));
    }

    [Theory]
    [InlineData("missing", "There is no file \"missing\"")]
    [InlineData("no/such/folder", "There is no folder for \"no/such/folder\"")]
    [InlineData("/", "\"/\" is a folder.")]
    public async Task What_cannot_be_read_is_said_in_a_sentence(string path, string sentence)
    {
        var refused = await Talk([path], files => files.OpenRead(path));

        Assert.Equal(1, refused.Exit);
        Assert.StartsWith(sentence, refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no/such/folder", "There is no folder for \"no/such/folder\"")]
    [InlineData("/", "\"/\" is a folder.")]
    [InlineData("/proc/target", "\"/proc/target\" cannot be written", "There is no folder for \"/proc/target\"", "The user ")]
    public async Task What_cannot_be_written_is_said_in_a_sentence(string path, params string[] sentences)
    {
        var refused = await Talk([path], files => files.Create(path, Occupied.Refused));

        Assert.Equal(1, refused.Exit);
        Assert.Contains(sentences, sentence => refused.Error.StartsWith(sentence, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_reaches_no_file_that_the_command_line_does_not_name()
    {
        var secret = Named("secret");
        var named = Named("named");
        await File.WriteAllTextAsync(secret, "secret");

        var read = await Talk(["backup", named], files => files.OpenRead(secret));
        var written = await Talk(["backup", named, "--force"], files => files.Create(secret, Occupied.Replaced));
        var allowed = await Talk(["import", "--from=" + secret], async files => await (await files.OpenRead(secret)).DisposeAsync());

        Assert.All([read, written], refused => Assert.Contains("does not name", refused.Error, StringComparison.Ordinal));
        Assert.Equal("secret", await File.ReadAllTextAsync(secret));
        Assert.Equal(0, allowed.Exit);
    }

    private string Named(string name) => Path.Combine(folder, name);

    /// <summary>Calls the command client, and plays the server to which it turns.</summary>
    private async Task<ChildAnswer> Talk(string[] args, Func<CommandFiles, Task> work)
    {
        var path = Path.Combine(data, CommandSocket.FileName);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        var serving = Serve(listener, work);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await CommandClient.Run(Own, args, output, error, CancellationToken.None);
        await serving;
        File.Delete(path);
        return new ChildAnswer(exit!.Value, output.ToString(), error.ToString());
    }

    private async Task Serve(Socket listener, Func<CommandFiles, Task> work)
    {
        await using var stream = new NetworkStream(await listener.AcceptAsync(), ownsSocket: true);
        using var wire = new Wire(stream);
        Frame? frame;
        while ((frame = await wire.Read())!.Value.Kind != FrameKind.Begin) Assert.Equal(FrameKind.Argument, frame.Value.Kind);
        await using var person = new RemotePerson(wire, frame.Value, CancellationToken.None);
        try
        {
            await work(new RemoteFiles(person, Own));
            await wire.Write(FrameKind.Exit, "0");
        }
        catch (IOException refused)
        {
            await wire.Write(FrameKind.Error, refused.Message);
            await wire.Write(FrameKind.Exit, "1");
        }
    }
}
