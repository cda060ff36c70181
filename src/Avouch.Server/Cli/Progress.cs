using System.Globalization;

namespace Avouch.Server.Cli;

/// <summary>
/// How far a long command is: on a screen one line that is drawn over, elsewhere a plain line now and then. The last state is always written.
/// </summary>
internal sealed class Progress(TextWriter error, bool hasScreen, string what, long? total, TimeProvider time) : IDisposable
{
    private const int BarWidth = 30;

    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PlainLine = TimeSpan.FromSeconds(5);

    private long last = time.GetTimestamp();
    private long done;
    private long written = -1;

    /// <summary>So many steps more are done.</summary>
    public void Advance(long steps = 1)
    {
        done += steps;
        if (time.GetElapsedTime(last) < (hasScreen ? Redraw : PlainLine)) return;
        last = time.GetTimestamp();
        Write();
    }

    public void Dispose()
    {
        if (written != done) Write();
        if (hasScreen) error.WriteLine("");
    }

    private void Write()
    {
        written = done;
        if (hasScreen) error.Write("\r" + Bar());
        else error.WriteLine(Count());
    }

    private string Bar()
    {
        if (total is not > 0) return Count();
        var filled = (int)Math.Min(BarWidth, done * BarWidth / total.Value);
        return $"{what} [{new string('#', filled)}{new string('.', BarWidth - filled)}] {Number(done)} of {Number(total.Value)}";
    }

    private string Count() => total is null ? $"{what}: {Number(done)}" : $"{what}: {Number(done)} of {Number(total.Value)}";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
