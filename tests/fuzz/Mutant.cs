namespace Pipeline.Tests.Fuzz;

/// <summary>Good input, damaged: as transport, producers and attackers damage it.</summary>
internal static class Mutant
{
    private static readonly byte[][] s_tokens =
    [
        .. new[]
        {
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\ud800", "null", "true", "-", "1e309", "0",
            "9999999999999999999", "{\"a\":", "$or", "$ref", "#", "*", "**", "[[[[[[[[", "\u00e9", " ",
        }.Select(System.Text.Encoding.UTF8.GetBytes),
        [0xFF], [0xEF, 0xBB, 0xBF], [0xED, 0xA0, 0x80], [0x80, 0x80, 0x80, 0x80, 0x80, 0x01], [0xF3, 0x89, 0x9A, 0xC2],
    ];

    /// <summary>One to four changes of a seed.</summary>
    public static byte[] Of(byte[] seed, List<byte[]> others, Random random)
    {
        List<byte> bytes = [.. seed];
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            Change(bytes, others, random);
        }
        return [.. bytes];
    }

    private static void Change(List<byte> bytes, List<byte[]> others, Random random)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(random.Next(1, 17), bytes.Count - at);
        switch (random.Next(7))
        {
            case 0 when length > 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when length > 0:
                bytes.RemoveRange(at, length);
                break;
            case 2:
                bytes.InsertRange(at, s_tokens[random.Next(s_tokens.Length)]);
                break;
            case 3 when length > 0:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5:
                var other = others[random.Next(others.Count)];
                var start = random.Next(other.Length + 1);
                bytes.InsertRange(at, other[start..Math.Min(other.Length, start + random.Next(1, 64))]);
                break;
            default:
                bytes.Insert(at, (byte)random.Next(256));
                break;
        }
    }
}
