using System.Net;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Auth;

/// <summary>Names and addresses are compared after NFKC and case folding, wherever they are compared.</summary>
public sealed class SameNameTests : ServerTests
{
    private const string Url = "/api/v1/auth/register";

    [Theory]
    [InlineData("alice", "ALICE")]
    [InlineData("alice", "ａｌｉｃｅ")]
    [InlineData("straße", "STRASSE")]
    [InlineData("STRAẞE", "strasse")]
    [InlineData("οδυσσεύς", "ΟΔΥΣΣΕΎΣ")]
    [InlineData("kelvin", "\u212Aelvin")]
    [InlineData("fish", "ﬁsh")]
    [InlineData("sun", "ſun")]
    [InlineData("am\u00E9lie", "ame\u0301lie")]
    [InlineData("\u0130zmir", "i\u0307zmir")]
    [InlineData("\u1FB3\u03BD\u03BD", "\u03B1\u03B9\u03BD\u03BD")]
    public async Task Names_that_read_the_same_are_the_same(string one, string other)
    {
        await Register(one, "first@example.test", HttpStatusCode.Created);

        Assert.Equal("username_taken", await Register(other, "second@example.test", HttpStatusCode.Conflict));

        await Client.SignIn(other);
        Assert.Equal(1, await Server.Count("users"));
    }

    [Theory]
    [InlineData("alice@example.test", "Alice@EXAMPLE.Test")]
    [InlineData("straße@example.test", "STRASSE@example.test")]
    [InlineData("alice@example.test", "ａｌｉｃｅ@example.test")]
    [InlineData("alice@bücher.example", "Alice@xn--bcher-kva.example")]
    [InlineData("alice@BÜCHER.example", "alice@bu\u0308cher.example")]
    public async Task Addresses_that_read_the_same_are_the_same(string one, string other)
    {
        await Register("first", one, HttpStatusCode.Created);

        Assert.Equal("email_taken", await Register("second", other, HttpStatusCode.Conflict));

        await Client.SignIn(other);
    }

    [Fact]
    public async Task An_address_with_a_full_width_at_sign_finds_its_account_at_sign_in()
    {
        await Client.Register("alice");

        await Client.SignIn("alice＠example.test");
    }

    // ASVS 6.3.4
    [Theory]
    [InlineData("bob@example.test")]
    [InlineData("bob＠example.test")]
    [InlineData("bob﹫example.test")]
    public async Task A_user_name_holds_no_at_sign_of_any_width(string username)
    {
        var answer = await Client.PostJson(Url, new { username, email = "mallory@example.test", password = TestClient.Password });

        Assert.Equal("username", answer.MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input").Fields());
        Assert.Equal(0, await Server.Count("users"));
    }

    [Theory]
    [InlineData("\uFFFE")]
    [InlineData("al\uFFFEice")]
    [InlineData("al\u0000ice")]
    [InlineData("al\u200Bice")]
    [InlineData("al\u202Eice")]
    [InlineData("alice\uFE0F")]
    [InlineData("ali\u034Fce")]
    [InlineData("\u3164alice")]
    [InlineData("alice\u180B")]
    [InlineData("alice\U000E0100")]
    [InlineData("\u2800\u2800")]
    [InlineData("\uFFFD\uFFFD")]
    [InlineData("al ice")]
    [InlineData("a")]
    public async Task A_user_name_is_made_of_visible_characters(string username)
    {
        var answer = await Client.PostJson(Url, new { username, email = "alice@example.test", password = TestClient.Password });

        Assert.Equal("username", answer.MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input").Fields());
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("@example.test")]
    [InlineData("alice@")]
    [InlineData("alice@@example.test")]
    [InlineData("alice@example..test")]
    [InlineData("alice@example.test\r\nBcc: eve@example.test")]
    [InlineData("alice <alice@example.test>")]
    [InlineData("al＂ice@example.test")]
    [InlineData("alice，bob@example.test")]
    [InlineData("al＜ice@example.test")]
    [InlineData("alice@example。test")]
    [InlineData("alice@ex℀mple.test")]
    [InlineData("alice@example\uFE0F.test")]
    [InlineData("al\uFFFEice@example.test")]
    [InlineData("alice@exa mple.test")]
    public async Task What_is_no_address_is_refused(string email)
    {
        var answer = await Client.PostJson(Url, new { email, password = TestClient.Password });

        Assert.Equal("email", answer.MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input").Fields());
    }

    /// <summary>U+FFFE is no character at all; normalising a text that holds it throws.</summary>
    [Theory]
    [InlineData("\uFFFE")]
    [InlineData("al\uFFFEice@example.test")]
    [InlineData("al\u0000ice")]
    public async Task A_name_that_nobody_can_have_is_a_wrong_name_at_sign_in(string username)
    {
        var answer = await Client.PostJson("/api/v1/auth/login", new { username, password = TestClient.Password });

        answer.MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    private async Task<string?> Register(string username, string email, HttpStatusCode expected)
    {
        var answer = await Client.PostJson(Url, new { username, email, password = TestClient.Password });
        Assert.Equal(expected, answer.Status);
        return answer.Json.TryGetProperty("code", out var code) ? code.GetString() : null;
    }
}
