namespace Avouch.Server.Tests.Harness;

/// <summary>Waits for what another thread does without the clock, and not for ever.</summary>
internal static class Patience
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task Until(Func<Task<bool>> isSo)
    {
        using var over = new CancellationTokenSource(Limit);
        while (!await isSo()) await Task.Delay(10, over.Token);
    }

    public static Task Until(Func<bool> isSo) => Until(() => Task.FromResult(isSo()));
}
