using Avouch.Server.Http;

// baseline URL FILE: answers GET /api/v1/users/me with the bytes of FILE, and with the headers that the server sends. It checks nothing.
var body = File.ReadAllBytes(args[1]);
var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
builder.WebHost.UseKestrelCore().UseUrls(args[0]).ConfigureKestrel(HostLimits.Apply);
builder.Services.AddRoutingCore();
var app = builder.Build();
app.UseRouting();
app.MapMethods("/api/v1/users/me", [HttpMethods.Get, HttpMethods.Head], Answer);
app.Run();

Task Answer(HttpContext http)
{
    var response = http.Response;
    response.ContentType = "application/json; charset=utf-8";
    response.ContentLength = body.Length;
    response.Headers.CacheControl = "no-store";
    AnswerHeaders.Put(response.Headers);
    return response.BodyWriter.WriteAsync(body).AsTask();
}
