namespace Avouch.Load;

/// <summary>How long a start takes, with a new data folder and with one that is there; the baseline shows what the runtime itself needs.</summary>
internal static class Starts
{
    private const double Goal = 0.4;
    private const string Ready = "/health/ready";

    public static async Task Run(Stage stage, Func<string, string, Task<Host>> startServer, Func<Task<Host>> startBaseline)
    {
        var (fresh, existing, bare) = (new Median(), new Median(), new Median());
        for (var round = 1; round <= stage.Pairs; round++)
        {
            Console.Error.WriteLine($"  start: {round} of {stage.Pairs}");
            var folder = stage.PathOf($"start-{round}");
            await using (var host = await startServer(folder, Ready)) fresh.Add(host.FirstAnswer.TotalSeconds);
            await using (var host = await startServer(folder, Ready)) existing.Add(host.FirstAnswer.TotalSeconds);
            await using (var host = await startBaseline()) bare.Add(host.FirstAnswer.TotalSeconds);
        }
        stage.Goal("first answer after start, existing data", "≤ 0.40 s", $"{Stage.Show(existing.Value)} s", existing.Value <= Goal, $"{existing.Range("0.000")} s; the bare endpoint {bare.Value:0.000} s");
        stage.Goal("first answer after start, new data folder", "≤ 0.40 s", $"{Stage.Show(fresh.Value)} s", fresh.Value <= Goal, $"{fresh.Range("0.000")} s");
    }
}
