namespace Avouch.Load;

/// <summary>Logins beside what the cores could hash if they did nothing else; then token checks at a fixed rate without and with a flood of logins.</summary>
internal static class Logins
{
    private const int Connections = 16;
    private const double RateGoal = 0.95;
    private const double CheckGoalMilliseconds = 2;
    private const double ShareGoal = 1.0 / 3;
    private const int ChecksPerSecond = 2_000;
    private const int CheckConnections = 4;

    public static async Task<double> Run(Stage stage, Host server)
    {
        var (rate, p50, p99, cpu, hash, together, refused) = (new Median(), new Median(), new Median(), new Median(), new Median(), new Median(), 0L);
        await Flood(server, 1);
        await stage.Alternate("logins", Drive, Hash);
        var bound = Environment.ProcessorCount / hash.Value * 1000;
        var ratio = rate.Value / bound;
        stage.Goal("logins/s against cores ÷ time of one hash", "≥ 0.95", Stage.Show(ratio), ratio >= RateGoal && refused == 0,
            $"{rate.Value:0.0}/s ({rate.Range("0.0")}) against {bound:0.0}/s: {Environment.ProcessorCount} cores, a hash takes {hash.Value:0.00} ms ({hash.Range("0.00")}); all cores at once hash {together.Value:0.0}/s ({together.Range("0.0")}), nothing else; p50 {p50.Value:0.0} ms, p99 {p99.Value:0.0} ms; CPU {cpu.Value / 1000:0.00} ms a login; {refused} refused");
        return rate.Value;

        async Task Drive()
        {
            var before = server.Cpu();
            var run = await Flood(server, stage.Seconds);
            cpu.Add((server.Cpu() - before) / run.Answers);
            rate.Add(run.Rate);
            p50.Add(run.P50);
            p99.Add(run.P99);
            refused += run.Failed;
        }

        async Task Hash()
        {
            var repetitions = stage.IsQuick ? 20 : 60;
            hash.Add(await Task.Run(() => HashTime.Ours(repetitions)));
            together.Add(await Task.Run(() => HashTime.RateOfAllCores(repetitions)));
        }
    }

    /// <param name="alone">Logins per second without the checks.</param>
    public static async Task RunBesideChecks(Stage stage, Host server, string token, double alone)
    {
        var (idle50, idle99, flood50, flood99, logins, refused) = (new Median(), new Median(), new Median(), new Median(), new Median(), 0L);
        await stage.Alternate("users/me in a flood of logins", Idle, Flooded);
        var (more, share) = (flood99.Value - idle99.Value, logins.Value / alone);
        stage.Goal("p99 of users/me at 2,000/s in a flood of logins", "idle + 2 ms", $"{(more < 0 ? "−" : "+")} {Stage.Show(Math.Abs(more))} ms", more <= CheckGoalMilliseconds && refused == 0,
            $"p99 {flood99.Value:0.00} ms ({flood99.Range("0.00")}) against {idle99.Value:0.00} ms ({idle99.Range("0.00")}) idle; p50 {flood50.Value:0.000} against {idle50.Value:0.000} ms; {refused} refused");
        stage.Goal("logins meanwhile, of their rate alone", "≥ 0.33", Stage.Show(share), share >= ShareGoal, $"{logins.Value:0.0}/s ({logins.Range("0.0")}) against {alone:0.0}/s");

        async Task Idle()
        {
            var run = await Check();
            idle50.Add(run.P50);
            idle99.Add(run.P99);
        }

        async Task Flooded()
        {
            var flood = Flood(server, stage.Seconds + 1);
            await Task.Delay(500);
            var run = await Check();
            logins.Add((await flood).Rate);
            flood50.Add(run.P50);
            flood99.Add(run.P99);
        }

        async Task<Run> Check()
        {
            var run = await H2Load.Drive(server.Url + UsersMe.Path, CheckConnections, ChecksPerSecond, stage.Seconds, token, stage.Folder);
            refused += run.Failed;
            return run;
        }
    }

    private static Task<Run> Flood(Host server, double seconds) =>
        Wrk.Drive(server.Url + "/api/v1/auth/login", Connections, seconds, "login.lua", Account.Prefix, $"{Account.People}", Account.Password);
}
