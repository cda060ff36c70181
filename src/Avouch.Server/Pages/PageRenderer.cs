using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;

namespace Avouch.Server.Pages;

/// <summary>Makes HTML of components, on the server and once: nothing of them runs in a browser.</summary>
internal sealed class PageRenderer(IServiceProvider services, ILoggerFactory loggers)
{
    public async Task<string> Render<TComponent>(PageRequest page) where TComponent : PageView
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(PageRoot.Page)] = page, [nameof(PageRoot.View)] = typeof(TComponent) });
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<PageRoot>(parameters)).ToHtmlString());
    }

    /// <summary>Hands the request to every component of the page.</summary>
    private sealed class PageRoot : ComponentBase
    {
        [Parameter]
        public PageRequest Page { get; set; } = null!;

        [Parameter]
        public Type View { get; set; } = null!;

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenComponent<CascadingValue<PageRequest>>(0);
            builder.AddComponentParameter(1, nameof(CascadingValue<>.Value), Page);
            builder.AddComponentParameter(2, nameof(CascadingValue<>.IsFixed), true);
            builder.AddComponentParameter(3, nameof(CascadingValue<>.ChildContent), (RenderFragment)(content =>
            {
                content.OpenComponent(0, View);
                content.CloseComponent();
            }));
            builder.CloseComponent();
        }
    }
}

/// <summary>A component that knows the request it is rendered for. What the compiler makes of a <c>.razor</c> file is public; what it knows is not.</summary>
public abstract class PageView : ComponentBase
{
    [CascadingParameter]
    internal PageRequest Page { get; set; } = null!;

    /// <summary>An English sentence in the language of whoever reads.</summary>
    protected string T(string english) => Page.Language[english];

    /// <summary>A sentence with gaps: <c>{0}</c> and so on.</summary>
    protected string T(string english, params object?[] values) => Page.Language.Format(english, values);

    /// <summary>
    /// A sentence whose gaps hold names, addresses or figures: each stands for itself, in whichever direction the line runs (HTML §4.5.24, bdi).
    /// </summary>
    protected static MarkupString Apart(string sentence, params string[] values) =>
        new(string.Format(CultureInfo.InvariantCulture, HtmlEncoder.Default.Encode(sentence), [.. values.Select(value => $"<bdi>{HtmlEncoder.Default.Encode(value)}</bdi>")]));

    /// <summary>A path of ours as a link.</summary>
    protected string Link(string path) => Page.Link(path);
}
