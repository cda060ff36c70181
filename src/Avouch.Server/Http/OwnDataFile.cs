using Avouch.Server.Users;

namespace Avouch.Server.Http;

/// <summary>Everything that is known of somebody, as a file that a browser keeps and does not show.</summary>
internal static class OwnDataFile
{
    public static IResult Of(HttpContext http, User user, PersonalData data)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentDisposition = "attachment; filename=\"avouch-account.json\"";
        return Results.Stream(stream => data.Write(user, stream, http.RequestAborted), "application/json");
    }
}
