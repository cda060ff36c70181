using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Avouch.Server.Passwords;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Tests.Passwords;

namespace Avouch.Server.Tests.Auth;

/// <summary>When every place in the queue of the hash lanes is taken.</summary>
public sealed class BusyTests : ServerTests
{
    private protected override (string, string)[] Settings => [("AVOUCH_HASH_LANES", "1")];

    [Fact]
    public async Task Sign_ins_and_registrations_are_told_to_come_back_and_nothing_else_suffers()
    {
        var tokens = await Client.Join("alice");
        var rows = (await Server.Journal()).Count;
        using var gone = new CancellationTokenSource();
        using var gate = new LaneGate(LanesOf(Server.Get<PasswordHasher>()));
        var waiting = Enumerable.Range(0, 256).Select(_ => Server.Get<PasswordHasher>().Hash("x", "127.0.0.1", gone.Token).AsTask()).ToList();

        foreach (var answer in (Answer[])[await TrySignIn("alice"), await TrySignIn("nobody"), await TryRegister()])
        {
            answer.MustHaveProblem();
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "busy"), (answer.Status, answer.Code));
            Assert.InRange(int.Parse(answer.Headers["Retry-After"], CultureInfo.InvariantCulture), 1, 60);
            answer.MustNotEcho(TestClient.Password);
        }
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(tokens)).Status);
        await Client.Refresh(tokens);
        Assert.Equal((1L, rows), (await Server.Count("users"), (await Server.Journal()).Count));

        gone.Cancel();
        gate.Open();
        await Client.SignIn("alice");
        Assert.Contains(waiting, task => task.IsCanceled);
    }

    private Task<Answer> TrySignIn(string username) => Client.PostJson("/api/v1/auth/login", new { username, password = TestClient.Password });

    private Task<Answer> TryRegister() => Client.PostJson("/api/v1/auth/register", new { email = "bob@example.test", password = TestClient.Password });

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "lanes")]
    private static extern ref HashLanes LanesOf(PasswordHasher hasher);
}
