using Avouch.Server.Cli;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Cli;

public sealed class ListingTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("grüße 漢字", "grüße 漢字")]
    [InlineData("a\u001b[2Jb", "a\uFFFD[2Jb")]
    [InlineData("a\r\nb", "a\uFFFD\uFFFDb")]
    [InlineData("a\u202Eb\u2028c", "a\uFFFDb\uFFFDc")]
    [InlineData("", "-")]
    [InlineData(null, "-")]
    public void What_strangers_typed_cannot_move_the_cursor(string? text, string shown) => Assert.Equal(shown, Listing.Clean(text));

    [Theory]
    [InlineData("30m", "2026-01-31T11:30:00")]
    [InlineData("12h", "2026-01-31T00:00:00")]
    [InlineData("7d", "2026-01-24T12:00:00")]
    [InlineData("2026-01-02", "2026-01-02T00:00:00")]
    [InlineData("2026-01-02T03:04Z", "2026-01-02T03:04:00")]
    [InlineData("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05")]
    public void A_moment_is_read(string text, string utc) => Assert.Equal(utc, $"{Moment.Parse(text)!.Before(Now).UtcDateTime:yyyy-MM-ddTHH:mm:ss}");

    [Theory, InlineData(""), InlineData("d"), InlineData("-1d"), InlineData("7"), InlineData("7w"), InlineData("yesterday"), InlineData("999999d"), InlineData("2026-13-01")]
    public void What_is_no_moment_is_refused(string text) => Assert.Null(Moment.Parse(text));

    [Fact]
    public void Progress_is_drawn_over_on_a_screen_and_said_in_lines_elsewhere()
    {
        var time = new ManualTime();
        using var screen = new StringWriter();
        using var file = new StringWriter();
        foreach (var (writer, hasScreen) in (((StringWriter, bool)[])[(screen, true), (file, false)]))
        {
            using var progress = new Progress(writer, hasScreen, "Sealing", 4, time);
            for (var step = 0; step < 4; step++)
            {
                progress.Advance();
                time.Advance(TimeSpan.FromSeconds(3));
            }
        }

        Assert.Equal("\rSealing [###############...............] 2 of 4\rSealing [######################........] 3 of 4\rSealing [##############################] 4 of 4\n", screen.ToString());
        Assert.Equal("Sealing: 3 of 4\nSealing: 4 of 4\n", file.ToString());
    }
}
