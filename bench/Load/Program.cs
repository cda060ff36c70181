using System.Globalization;
using Avouch.Load;

switch (args)
{
    case ["--hash-ours"]:
        Console.Write(HashTime.Ours(20).ToString(CultureInfo.InvariantCulture));
        return;
    case ["--hash-debian"]:
        Console.Write(HashTime.Debian(20).ToString(CultureInfo.InvariantCulture));
        return;
}

// bench/load gives: server, baseline, an empty folder, quick or full, the letters of the parts.
const int serverPort = 18_321;
const int baselinePort = 18_322;
var stage = new Stage(args[0], args[1], args[2], IsQuick: args[3] == "quick", args[4]);
var data = stage.PathOf("data");

var loadBefore = Machine.Load();
if (stage.Has('e')) await HashTime.Run(stage);
if (stage.Has('f')) await Starts.Run(stage, StartServer, StartBaseline);
await MeasureServer();

Console.WriteLine($"{Machine.Describe(stage.Folder)}; median of {stage.Pairs} alternating pairs, {stage.Seconds} s each. Load of the machine before: {loadBefore}.");
Console.WriteLine();
Console.WriteLine("| measured | goal | result | met | details (least–greatest) |");
Console.WriteLine("| --- | --- | --: | --- | --- |");
foreach (var row in stage.Rows) Console.WriteLine(row);

async Task MeasureServer()
{
    await using var server = await StartServer(data, "/health/ready");
    using var alice = new Account(server.Url, "alice");
    await alice.Register();
    var (access, _) = await alice.SignIn();
    await File.WriteAllBytesAsync(stage.PathOf("me.json"), await alice.Me(access));
    var accounts = await Account.Register(server.Url);
    if (stage.Has('a'))
    {
        await using var baseline = await StartBaseline();
        await UsersMe.Run(stage, server, baseline, access);
    }
    if (stage.Has('b') || stage.Has('d'))
    {
        var alone = await Logins.Run(stage, server);
        if (stage.Has('d')) await Logins.RunBesideChecks(stage, server, access, alone);
    }
    var afterLogins = server.MiB("VmRSS");
    if (stage.Has('c')) await Refreshes.Run(stage, server, accounts, Path.Combine(data, "avouch.db"));
    foreach (var account in accounts) account.Dispose();
    if (stage.Has('g'))
    {
        await Task.Delay(TimeSpan.FromSeconds(3));   // idle hash lanes have given their memory back
        var resident = server.MiB("VmRSS");
        stage.Goal("resident memory 3 s after all this", "≤ 120 MiB", $"{Stage.Show(resident, "0")} MiB", resident <= 120,
            $"{server.MiB("RssAnon"):0} MiB of its own, {server.MiB("RssFile"):0} MiB of files (shared images), {server.MiB("RssShmem"):0} MiB shared; right after the logins, with every hash lane in use, {afterLogins:0} MiB; at most {server.MiB("VmHWM"):0} MiB");
    }
}

// The grace is 0: a token that is used twice must not look like a success.
Task<Host> StartServer(string folder, string path) => Host.Start(Path.Combine(stage.Server, "avouch"), serverPort, path,
    ["serve", "--urls", $"http://127.0.0.1:{serverPort}", "--data", folder, "--set", "AVOUCH_REFRESH_GRACE_SECONDS=0"]);

async Task<Host> StartBaseline()
{
    var body = stage.PathOf("me.json");
    if (!File.Exists(body)) await File.WriteAllTextAsync(body, "{}");
    return await Host.Start(Path.Combine(stage.Baseline, "baseline"), baselinePort, UsersMe.Path, [$"http://127.0.0.1:{baselinePort}", body]);
}
