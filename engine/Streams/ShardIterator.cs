using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Pipeline.Engine.Streams;

/// <summary>Where a reader through the API stands: what the opaque text of a shard iterator holds.</summary>
/// <param name="Shard">The number in the shard's id.</param>
/// <param name="Counter">The counter of the next record.</param>
internal sealed record ShardIterator(string Stream, int Shard, long Counter, DateTimeOffset CreatedAt)
{
    private const char Separator = '\n';

    /// <summary>Reads an iterator; null when the text is none.</summary>
    public static ShardIterator? Parse(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        if (!Base64.IsValid(utf8))
        {
            return null;
        }
        var parts = Encoding.UTF8.GetString(Convert.FromBase64String(text)).Split(Separator);
        return parts.Length == 4
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var shard)
            && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var counter)
            && long.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? new ShardIterator(parts[0], shard, counter, new DateTimeOffset(ticks, TimeSpan.Zero))
            : null;
    }

    public override string ToString() => Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{Stream}{Separator}{Shard}{Separator}{Counter}{Separator}{CreatedAt.UtcTicks}")));
}
