using System.Text;
using System.Text.Json;
using Pipeline.Functions;

namespace Pipeline.Tests.Simulations;

/// <summary>Functions whose answers, or the order of whose batches, are wrong.</summary>
internal static class BrokenReports
{
    private static readonly byte[] s_allDone = """{"batchItemFailures":[]}"""u8.ToArray();

    /// <summary>A record is reported as done of which an event failed: the one after it is named.</summary>
    public static Func<string, Compose> SkipTheFailed(string function) => Wrap(function, () => async (next, payload) =>
    {
        var answer = await next(payload);
        if (NamesIn(answer) is not [var failed])
        {
            return answer;
        }
        using var batch = JsonDocument.Parse(payload);
        var rest = batch.RootElement.GetProperty("Records").EnumerateArray()
            .Select(record => record.GetProperty("kinesis").GetProperty("sequenceNumber").GetString()!)
            .SkipWhile(sequence => sequence != failed).SkipWhile(sequence => sequence == failed).ToList();
        return rest is [var after, ..]
            ? Encoding.UTF8.GetBytes($$"""{"batchItemFailures":[{"itemIdentifier":"{{after}}"}]}""")
            : s_allDone;
    });

    /// <summary>Messages are deleted whatever becomes of their commands.</summary>
    public static Func<string, Compose> DeleteUnexecuted(string function) => Wrap(
        function, () => async (next, payload) =>
    {
        await next(payload);
        return s_allDone;
    });

    /// <summary>Each second batch of an instance goes before the first.</summary>
    public static Func<string, Compose> SwapBatches(string function) => Wrap(function, () =>
    {
        byte[]? held = null;
        return async (next, payload) =>
        {
            if (held is not { } first)
            {
                held = payload;
                return s_allDone;
            }
            held = null;
            var answer = await next(payload);
            await next(first);
            return answer;
        };
    });

    private static List<string> NamesIn(byte[] answer)
    {
        using var document = JsonDocument.Parse(answer);
        return [.. document.RootElement.GetProperty("batchItemFailures").EnumerateArray()
            .Select(failure => failure.GetProperty("itemIdentifier").GetString()!)];
    }

    /// <summary>Puts something around the handler of the functions whose names begin so.</summary>
    private static Func<string, Compose> Wrap(
        string function, Func<Func<Func<byte[], Task<byte[]>>, byte[], Task<byte[]>>> around) =>
        name => (environment, ports, time) =>
        {
            var inner = Catalogue.Find(name)(environment, ports, time);
            var handle = around();
            return !name.StartsWith(function, StringComparison.Ordinal) ? inner : inner with
            {
                Handler = async (payload, context) => new MemoryStream(await handle(
                    async bytes => await ReadAsync(await inner.Handler(new MemoryStream(bytes), context)),
                    await ReadAsync(payload))),
            };
        };

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }
}
