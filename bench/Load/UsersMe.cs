namespace Avouch.Load;

/// <summary>The check: GET /api/v1/users/me beside a bare endpoint that returns the same bytes.</summary>
internal static class UsersMe
{
    public const string Path = "/api/v1/users/me";
    private const int Connections = 16;
    private const double Goal = 0.95;

    public static async Task Run(Stage stage, Host server, Host baseline, string token)
    {
        var (ours, bare) = (new Side(server, token), new Side(baseline, token));
        await ours.Drive(stage.Seconds);   // until the code is compiled in its final form
        await bare.Drive(stage.Seconds);
        (ours, bare) = (new Side(server, token), new Side(baseline, token));
        await stage.Alternate("users/me", () => ours.Drive(stage.Seconds), () => bare.Drive(stage.Seconds));
        var ratio = ours.Rate.Value / bare.Rate.Value;
        stage.Goal("users/me against a bare endpoint, 16 connections", "≥ 0.95", Stage.Show(ratio), ratio >= Goal && ours.Failed + bare.Failed == 0,
            $"{ours.Rate.Value:0}/s ({ours.Rate.Range("0")}) against {bare.Rate.Value:0}/s ({bare.Rate.Range("0")}); p50 {ours.P50.Value:0.000} and {bare.P50.Value:0.000} ms, p99 {ours.P99.Value:0.00} and {bare.P99.Value:0.00} ms; CPU {ours.Cpu.Value:0.0} and {bare.Cpu.Value:0.0} µs a request; {ours.Failed} refused");
    }

    private sealed class Side(Host host, string token)
    {
        public Median Rate { get; } = new();
        public Median P50 { get; } = new();
        public Median P99 { get; } = new();
        public Median Cpu { get; } = new();
        public long Failed { get; private set; }

        public async Task Drive(double seconds)
        {
            var before = host.Cpu();
            var run = await Wrk.Drive(host.Url + Path, Connections, seconds, "me.lua", token);
            Cpu.Add((host.Cpu() - before) / run.Answers);
            Rate.Add(run.Rate);
            P50.Add(run.P50);
            P99.Add(run.P99);
            Failed += run.Failed;
        }
    }
}
