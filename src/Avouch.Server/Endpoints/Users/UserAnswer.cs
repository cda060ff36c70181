using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Users;

/// <summary>One user as an answer. Personal data are kept by nothing on the way (ASVS 14.3.2).</summary>
internal static class UserAnswer
{
    public static IResult Of(HttpContext http, User user, int status = 200)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(UserJson.Of(user), UserJsonContext.Default.UserJson, statusCode: status);
    }

    /// <summary>What members see of each other.</summary>
    public static IResult NameOf(HttpContext http, User user)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(new ListUsers.NameItem(user.Id, user.Username, user.FullName), UsersApiJson.Default.ListUsersNameItem);
    }
}
