using System.Globalization;
using System.Text;

namespace Pipeline.Tests.Batches;

/// <summary>One entry of a payload, as a test wants it delivered.</summary>
internal sealed record Entry(string Sequence, string Key, byte[] Data, string ArrivedAt = "1545084650.987");

/// <summary>
/// Payloads of Kinesis invocations as text, in the form Lambda gives them or in any other that JSON allows.
/// </summary>
internal static class Payloads
{
    public const string Shard = "shardId-000000000006";
    public const string Arn = "arn:aws:kinesis:us-east-2:123456789012:stream/raw";

    /// <summary>A payload as Lambda writes it.</summary>
    public static byte[] Of(params Entry[] entries) => Encoding.UTF8.GetBytes(
        "{\"Records\":[" + string.Join(',', entries.Select(entry =>
            "{\"kinesis\":{\"kinesisSchemaVersion\":\"1.0\",\"partitionKey\":\"" + entry.Key
            + "\",\"sequenceNumber\":\"" + entry.Sequence + "\",\"data\":\"" + Convert.ToBase64String(entry.Data)
            + "\",\"approximateArrivalTimestamp\":" + entry.ArrivedAt
            + "},\"eventSource\":\"aws:kinesis\",\"eventVersion\":\"1.0\",\"eventID\":\"" + Shard + ":" + entry.Sequence
            + "\",\"eventName\":\"aws:kinesis:record\","
            + "\"invokeIdentityArn\":\"arn:aws:iam::123456789012:role/lambda-role\","
            + "\"awsRegion\":\"us-east-2\",\"eventSourceARN\":\"" + Arn + "\"}")) + "]}");

    /// <summary>
    /// The same payload in a form of the generator's choice: white space, order, escapes, unknown fields.
    /// </summary>
    public static byte[] InAnyForm(IEnumerable<Entry> entries, Random random)
    {
        var records = entries.Select(entry =>
        {
            var kinesis = Object(random, [
                ("kinesisSchemaVersion", Text("1.0", random)),
                ("partitionKey", Text(entry.Key, random)),
                ("sequenceNumber", Text(entry.Sequence, random)),
                ("data", Text(Convert.ToBase64String(entry.Data), random)),
                ("approximateArrivalTimestamp", entry.ArrivedAt),
                ("encryptionType", random.Next(2) == 0 ? "null" : Text("KMS", random)),
            ]);
            return Object(random, [
                ("kinesis", kinesis),
                ("eventID", Text(Shard + ":" + entry.Sequence, random)),
                ("eventSourceARN", Text(Arn, random)),
                ("awsRegion", Text("us-east-2", random)),
            ]);
        }).ToList();
        var comma = Space(random) + "," + Space(random);
        var array = "[" + Space(random) + string.Join(comma, records) + Space(random) + "]";
        return Encoding.UTF8.GetBytes(Space(random) + Object(random, [("Records", array)]) + Space(random));
    }

    private static string Object(Random random, List<(string Name, string Value)> members)
    {
        for (var extra = random.Next(3); extra > 0; extra--)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"x{extra}\"\\{random.Next(100)}");
            members.Add((name, Unknown(random, 3)));
        }
        var ordered = members.ToArray();
        random.Shuffle(ordered);
        return "{" + Space(random) + string.Join(Space(random) + "," + Space(random), ordered.Select(member =>
            Text(member.Name, random) + Space(random) + ":" + Space(random) + member.Value)) + Space(random) + "}";
    }

    private static string Unknown(Random random, int depth) => random.Next(depth > 0 ? 7 : 5) switch
    {
        0 => "null",
        1 => "true",
        2 => "-1.5E+3",
        3 => "\"}]\\\"{[\\u00e9\"",
        4 => "0",
        5 => Object(random, [("data", Unknown(random, depth - 1)), ("Records", Unknown(random, depth - 1))]),
        _ => "[" + Unknown(random, depth - 1) + Space(random) + "," + Unknown(random, depth - 1) + "]",
    };

    private static string Space(Random random) =>
        random.Next(3) > 0 ? "" : new string(random.GetItems<char>(" \t\r\n", random.Next(1, 4)));

    /// <summary>A JSON string; every unit that need not be escaped may be.</summary>
    private static string Text(string value, Random random)
    {
        var text = new StringBuilder("\"");
        var escapes = random.Next(2) == 0;
        foreach (var unit in value)
        {
            if (unit is '"' or '\\' || (unit == '/' && escapes))
            {
                text.Append('\\').Append(unit);
            }
            else if (unit < 0x20 || char.IsSurrogate(unit) || (escapes && random.Next(6) == 0))
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            }
            else
            {
                text.Append(unit);
            }
        }
        return text.Append('"').ToString();
    }
}
