using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Avouch.Protocol.Tests;

public class OAuthErrorTests
{
    [Fact]
    public void Codes_and_statuses_are_those_of_RFC_6749()
    {
        (OAuthError Error, string Code, int Status)[] all =
        [
            (OAuthError.InvalidRequest("x"), "invalid_request", 400), (OAuthError.InvalidClient("x"), "invalid_client", 401),
            (OAuthError.InvalidGrant("x"), "invalid_grant", 400), (OAuthError.UnauthorizedClient("x"), "unauthorized_client", 400),
            (OAuthError.UnsupportedGrantType("x"), "unsupported_grant_type", 400), (OAuthError.InvalidScope("x"), "invalid_scope", 400),
            (OAuthError.UnsupportedResponseType("x"), "unsupported_response_type", 400), (OAuthError.AccessDenied("x"), "access_denied", 400),
        ];
        Assert.All(all, one => Assert.Equal((one.Code, one.Status), (one.Error.Code, one.Error.StatusCode)));
    }

    [Fact]
    public void A_description_keeps_to_the_characters_of_the_RFC()
    {
        Assert.Equal("say 'no', a/b, caf??", OAuthError.InvalidRequest("say \"no\", a\\b, caf\u00E9\n").Description);
        Property.Holds<string>(text => text is null
            || OAuthError.InvalidScope(text).Description.All(one => one is (>= ' ' and <= '!') or (>= '#' and <= '[') or (>= ']' and <= '~')));
    }

    [Fact]
    public void The_wire_form_is_frozen()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) OAuthError.InvalidGrant("The code was used before.").Write(json);
        Assert.Equal("""{"error":"invalid_grant","error_description":"The code was used before."}""", Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
