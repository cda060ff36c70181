using System.Text;
using System.Text.Encodings.Web;
using Avouch.Server.Http;
using Avouch.Server.Mail;
using Avouch.Server.Settings;

namespace Avouch.Server.Endpoints.Development;

/// <summary>
/// <c>GET /dev/mail</c>: the mail that was written into files, as it looks. For a developer at this machine only; for everybody else there is no such
/// page (<see cref="LocalDevelopment"/>).
/// </summary>
internal sealed class DevMail(MailFolder folder, ServerSettings settings)
{
    private const int MaxListed = 200;

    [EndpointSummary("Mail of a developer")]
    [EndpointDescription("The mail that this server wrote into files, the newest first. Only in development, from this very machine; else 404.")]
    [Tags("Development")]
    [Gives(200, "A page with the list.", "text/html")]
    [Refuses(404)]
    public async Task<IResult> List(HttpContext http)
    {
        if (!LocalDevelopment.Is(http, settings)) return Problems.NotFound;
        var rows = new StringBuilder();
        foreach (var file in folder.List().Take(MaxListed)) rows.Append(await Row(file));
        var list = rows.Length > 0 ? $"<ul>{rows}</ul>" : $"<p class=\"none\">There is no mail yet. It is written to {Encode(folder.Destination)}.</p>";
        return DevPage.Give(http, "Mail", $"<h1>Mail</h1>{list}");
    }

    [EndpointSummary("One mail of a developer")]
    [EndpointDescription("One mail as it looks, in HTML and as text. Only in development, from this very machine; else 404.")]
    [Tags("Development")]
    [TakesPathId("id", "The id of the mail.")]
    [Gives(200, "A page with the mail.", "text/html")]
    [Refuses(404)]
    public async Task<IResult> Show(HttpContext http)
    {
        if (await Find(http) is not { } mail) return Problems.NotFound;
        var id = http.Request.RouteValues["id"]!.ToString()!;
        return DevPage.Give(http, mail.Subject,
            $"""
            <p><a href="/dev/mail">All mail</a></p>
            <h1>{Encode(mail.Subject)}</h1>
            <dl><dt>From</dt><dd>{Encode(mail.From)}</dd><dt>To</dt><dd>{Encode(mail.To)}</dd><dt>Date</dt><dd>{Encode(mail.Date)}</dd></dl>
            <iframe title="The mail in HTML" src="/dev/mail/{Encode(id)}/html" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>
            <h2>As text</h2>
            <pre>{DevPage.Linked(mail.Text)}</pre>
            """);
    }

    [EndpointSummary("The HTML of one mail of a developer")]
    [EndpointDescription("The HTML part alone, without scripts and without anything from elsewhere. Only in development, from this very machine; else 404.")]
    [Tags("Development")]
    [TakesPathId("id", "The id of the mail.")]
    [Gives(200, "The HTML part.", "text/html")]
    [Refuses(404)]
    public async Task<IResult> Html(HttpContext http) =>
        await Find(http) is { } mail ? DevPage.GiveMail(http, mail.Html) : Problems.NotFound;

    private async Task<string> Row(string file)
    {
        if (MailFolder.IdOf(file) is not { } id || await Read(id) is not { } mail) return "";
        return $"<li><a href=\"/dev/mail/{id}\">{Encode(mail.Subject)}</a><span>{Encode(mail.To)}</span><span>{Encode(mail.Date)}</span></li>";
    }

    private async Task<StoredMail?> Find(HttpContext http) =>
        LocalDevelopment.Is(http, settings) && Guid.TryParse(http.Request.RouteValues["id"]?.ToString(), out var id) ? await Read(id) : null;

    /// <returns>Nothing where there is no such mail, or it is none of ours.</returns>
    private async Task<StoredMail?> Read(Guid id)
    {
        try
        {
            return await folder.Find(id) is { } raw ? StoredMail.Read(raw) : null;
        }
        catch (Exception unreadable) when (unreadable is FormatException or IOException)
        {
            return null;   // changed by hand, or deleted at this moment
        }
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
