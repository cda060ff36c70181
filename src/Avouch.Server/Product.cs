namespace Avouch.Server;

/// <summary>What this program is called and which version it is.</summary>
internal static class Product
{
    public const string Name = "Avouch";

    public static readonly string Version = typeof(Product).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
