using System.Net;
using System.Runtime.CompilerServices;
using Avouch.Server.Http;
using Avouch.Server.Mail;
using Avouch.Server.Passwords;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Tests.Passwords;

namespace Avouch.Server.Tests.Pages;

/// <summary>When every place in the queue of the hash lanes is taken, pages say so, and the form can be sent again.</summary>
public sealed class BusyPageTests : ServerTests
{
    private protected override (string, string)[] Settings => [("AVOUCH_HASH_LANES", "1")];

    [Fact]
    public async Task A_full_queue_is_said_to_people_who_try_again()
    {
        await Client.Register("alice");
        using var visitor = new FormClient(Server);
        using var alice = new FormClient(Server);
        await alice.Send("/sign-in", ("username", "alice"), ("password", TestClient.Password));
        var letter = await Server.MailedOne(MailTemplate.ResetPassword, () => Client.RequestReset("alice@example.test"));
        var reset = await Client.Open(letter.Link());
        Pass(Guard.MaxSignInAge);
        using var gone = new CancellationTokenSource();
        using (var gate = new LaneGate(LanesOf(Server.Get<PasswordHasher>())))
        {
            var waiting = Enumerable.Range(0, 256).Select(_ => Server.Get<PasswordHasher>().Hash("x", "127.0.0.1", gone.Token).AsTask()).ToList();
            Answer[] answers =
            [
                await visitor.Send("/sign-in", ("username", "alice"), ("password", TestClient.Password)),
                await visitor.Send("/sign-up", ("email", "bob@example.test"), ("password", TestClient.Password)),
                await alice.Send("/confirm", ("password", TestClient.Password)),
                (await reset.Press(("new_password", AccountClient.NewPassword))).Answer,
            ];
            foreach (var answer in answers)
            {
                Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
                Assert.True(answer.Headers.ContainsKey("Retry-After"));
                Assert.Contains("Many people are signing in at this moment. Please try again shortly.", answer.Text, StringComparison.Ordinal);
                Assert.Contains("<form method=\"post\"", answer.Text, StringComparison.Ordinal);
                answer.MustNotEcho(TestClient.Password, AccountClient.NewPassword);
            }
            gone.Cancel();
            gate.Open();
            Assert.Contains(waiting, task => task.IsCanceled || !task.IsCompleted);
        }

        Assert.Equal("/reset-password/done", (await reset.Press(("new_password", AccountClient.NewPassword))).Link.AbsolutePath);   // the very same form, and not its old answer
        await Client.SignIn("alice", AccountClient.NewPassword);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "lanes")]
    private static extern ref HashLanes LanesOf(PasswordHasher hasher);
}
