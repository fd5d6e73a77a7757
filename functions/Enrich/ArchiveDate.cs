using System.Globalization;
using System.Text;

namespace Pipeline.Functions.Enrich;

/// <summary>The archive's partition of an event: bounded in number, whatever times producers write.</summary>
/// <remarks>
/// The UTC day for times within 31 days before and 1 day after arrival; the month within ten calendar years of it; else
/// <c>other</c>. So a delivery stream never has more than about 300 partitions open; it may have 500.
/// </remarks>
public sealed class ArchiveDate
{
    private const int DaysBefore = 31;
    private const int DaysAfter = 1;
    private const int YearsAround = 10;
    private const int TextsMax = 1024;

    private static readonly byte[] Other = "other"u8.ToArray();

    private readonly Dictionary<int, byte[]> _texts = [];

    /// <summary>The partition's name: <c>yyyy-MM-dd</c>, <c>yyyy-MM</c> or <c>other</c>, ASCII.</summary>
    public ReadOnlyMemory<byte> Of(DateTimeOffset time, DateTimeOffset arrivedAt)
    {
        var utc = time.UtcDateTime;
        var distance = utc - arrivedAt.UtcDateTime;
        if (distance >= TimeSpan.FromDays(-DaysBefore) && distance <= TimeSpan.FromDays(DaysAfter))
        {
            return Text(utc, "yyyy-MM-dd", DateOnly.FromDateTime(utc).DayNumber);
        }
        return Math.Abs(utc.Year - arrivedAt.UtcDateTime.Year) <= YearsAround
            ? Text(utc, "yyyy-MM", -(utc.Year * 12) - utc.Month)
            : Other;
    }

    private byte[] Text(DateTime utc, string format, int key)
    {
        if (!_texts.TryGetValue(key, out var text))
        {
            if (_texts.Count == TextsMax)
            {
                _texts.Clear();
            }
            text = Encoding.ASCII.GetBytes(utc.ToString(format, CultureInfo.InvariantCulture));
            _texts.Add(key, text);
        }
        return text;
    }
}
