using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Avouch.Server.Pages;

/// <summary>The style sheet and the script of our pages. Their addresses change with their content, so browsers keep them for ever.</summary>
internal sealed class PageAssets
{
    private const string Resources = "assets/";

    private readonly FrozenDictionary<string, Asset> assets;

    internal sealed record Asset(string Type, byte[] Content, string Version)
    {
        private readonly Lazy<byte[]> compressed = new(() => Compress(Content));

        public byte[] Compressed => compressed.Value;
    }

    public PageAssets(Brand brand)
    {
        var style = Read("avouch.css") + brand.Style;
        assets = new Dictionary<string, Asset>
        {
            ["avouch.css"] = Make("text/css; charset=utf-8", style),
            ["avouch.js"] = Make("text/javascript; charset=utf-8", Read("avouch.js")),
        }.ToFrozenDictionary();
    }

    public Asset? Find(string name) => assets.GetValueOrDefault(name);

    /// <summary>The path of one of them, with its version.</summary>
    public string PathOf(string name) => $"/assets/{name}?v={assets[name].Version}";

    private static Asset Make(string type, string text)
    {
        var content = Encoding.UTF8.GetBytes(text);
        return new Asset(type, content, Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 6)));
    }

    private static byte[] Compress(byte[] content)
    {
        var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Optimal)) brotli.Write(content);
        return compressed.ToArray();
    }

    private static string Read(string name)
    {
        using var file = new StreamReader(typeof(PageAssets).Assembly.GetManifestResourceStream(Resources + name)!);
        return file.ReadToEnd();
    }
}
