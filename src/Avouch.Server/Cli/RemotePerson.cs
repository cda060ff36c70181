using System.Text;
using System.Threading.Channels;

namespace Avouch.Server.Cli;

/// <summary>
/// The person behind the socket of a running server. What their command says is taken in all the while: Ctrl+C and a lost connection stop the
/// command here at once, everything else waits until somebody asks for it.
/// </summary>
internal sealed class RemotePerson : Person, IAsyncDisposable
{
    /// <summary>The words of <see cref="FrameKind.Begin"/>.</summary>
    public const string AnswersWord = "answers";

    /// <inheritdoc cref="AnswersWord"/>
    public const string ScreenWord = "screen";

    private const int MostWaiting = 16;

    private readonly Channel<Frame> received = Channel.CreateBounded<Frame>(MostWaiting);
    private readonly SemaphoreSlim asking = new(1, 1);
    private readonly CancellationTokenSource closing = new();
    private readonly CancellationTokenSource stop;
    private readonly Wire wire;
    private readonly string[] console;
    private readonly Task listening;

    /// <param name="begin">The frame that ended the arguments: words for what their console can do.</param>
    public RemotePerson(Wire wire, Frame begin, CancellationToken serverStops)
    {
        (this.wire, console) = (wire, begin.Text.Split(' '));
        stop = CancellationTokenSource.CreateLinkedTokenSource(serverStops);
        listening = Listen();
    }

    public override bool CanAnswer => console.Contains(AnswersWord);

    public override bool HasScreen => console.Contains(ScreenWord);

    public CancellationToken Stop => stop.Token;

    /// <summary>What stands in a <see cref="FrameKind.Begin"/> for a console.</summary>
    public static string Describe(Person person) => string.Join(' ', (string[])[.. person.CanAnswer ? [AnswersWord] : (string[])[], .. person.HasScreen ? [ScreenWord] : (string[])[]]);

    public override async Task<string?> AskSecret(string prompt) =>
        await Ask(FrameKind.AskSecret, Encoding.UTF8.GetBytes(prompt)) is { Kind: FrameKind.Secret } answer ? answer.Text : null;

    public override async Task<string?> AskLine(string prompt) =>
        await Ask(FrameKind.AskLine, Encoding.UTF8.GetBytes(prompt)) is { Kind: FrameKind.Line } answer ? answer.Text : null;

    /// <summary>Asks their process for something and waits for its answer. One at a time: answers carry no number.</summary>
    /// <exception cref="OperationCanceledException">The person pressed Ctrl+C, or has gone.</exception>
    public async Task<Frame> Ask(FrameKind kind, ReadOnlyMemory<byte> bytes)
    {
        await asking.WaitAsync(stop.Token);
        try
        {
            await wire.Write(kind, bytes);
            return await Receive();
        }
        finally
        {
            asking.Release();
        }
    }

    /// <summary>Tells their process something that has no answer. Where it has gone, nobody is left to be told.</summary>
    public async Task Tell(FrameKind kind, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await wire.Write(kind, bytes);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            await stop.CancelAsync();
        }
    }

    private async Task<Frame> Receive()
    {
        try
        {
            return await received.Reader.ReadAsync(stop.Token);
        }
        catch (ChannelClosedException)
        {
            throw new OperationCanceledException();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        received.Writer.TryComplete();
        await listening;
        closing.Dispose();
        stop.Dispose();
        asking.Dispose();
    }

    /// <summary>Ends when the other side has gone, or when the command is done; in neither case is anybody left to hear of it.</summary>
    private async Task Listen()
    {
        try
        {
            while (await wire.Read(closing.Token) is { } frame)
            {
                if (frame.Kind == FrameKind.Stop) await stop.CancelAsync();
                else await received.Writer.WriteAsync(frame, closing.Token);
            }
        }
        catch (Exception gone) when (gone is IOException or InvalidDataException or OperationCanceledException or ChannelClosedException)
        {
            received.Writer.TryComplete(gone);
        }
        received.Writer.TryComplete();
        await stop.CancelAsync();
    }
}
