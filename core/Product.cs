namespace Pipeline.Core;

/// <summary>The product's own facts.</summary>
public static class Product
{
    /// <summary>The version, as bad rows name it.</summary>
    public static string Version { get; } = typeof(Product).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
