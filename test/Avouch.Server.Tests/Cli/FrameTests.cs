using Avouch.Server.Cli;

namespace Avouch.Server.Tests.Cli;

/// <summary>What goes over the command socket.</summary>
public sealed class FrameTests
{
    [Fact]
    public async Task A_text_of_any_length_arrives_in_frames_that_are_allowed()
    {
        using var stream = new MemoryStream();
        using var wire = new Wire(stream);
        var text = string.Concat(Enumerable.Repeat("漢\U0001F600a", 400_000));

        await using (var writer = new FrameWriter(wire, FrameKind.Output)) await writer.WriteAsync(text);

        stream.Position = 0;
        var arrived = new System.Text.StringBuilder();
        while (await wire.Read(TestContext.Current.CancellationToken) is { } frame) arrived.Append(frame.Text);
        Assert.Equal(text, arrived.ToString());
    }

    [Theory]
    [InlineData(new byte[] { 255, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0x7F, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0xFF, 0, 0, 0 })]
    public async Task What_is_no_frame_is_refused(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);

        await Assert.ThrowsAsync<InvalidDataException>(() => Frame.Read(stream, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Two_writers_at_once_never_mix_their_frames()
    {
        using var stream = new MemoryStream();
        using var wire = new Wire(stream);

        await Task.WhenAll(((string[])["aaaa", "bbbb"]).Select(text => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++) await wire.Write(FrameKind.Output, text);
        })));

        stream.Position = 0;
        for (var i = 0; i < 1000; i++) Assert.Contains((await wire.Read(TestContext.Current.CancellationToken))!.Value.Text, (string[])["aaaa", "bbbb"]);
        Assert.Null(await wire.Read(TestContext.Current.CancellationToken));
    }
}
