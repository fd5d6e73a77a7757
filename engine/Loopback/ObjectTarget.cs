using Pipeline.Engine.Streams;

namespace Pipeline.Engine.Loopback;

/// <summary>What a request to S3 is about, by its path: the bucket, then the key, and what the query says.</summary>
/// <param name="Key">Empty when the bucket itself is meant.</param>
internal sealed record ObjectTarget(string Bucket, string Key, IReadOnlyDictionary<string, string> Query)
{
    /// <summary>Whether the query names no operation of its own, such as <c>?tagging</c>.</summary>
    public bool IsPlain => Query.Keys.All(name => name == "x-id");

    /// <summary>Reads a request's target, path and query, as it was sent.</summary>
    /// <exception cref="ServiceException">It is no URI.</exception>
    public static ObjectTarget Parse(string target)
    {
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? target : target[..question];
        var query = new Dictionary<string, string>(StringComparer.Ordinal);
        var rest = question < 0 ? "" : target[(question + 1)..];
        foreach (var part in rest.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            query[Decode(equals < 0 ? part : part[..equals])] = equals < 0 ? "" : Decode(part[(equals + 1)..]);
        }
        var slash = path.IndexOf('/', 1);
        return slash < 0
            ? new ObjectTarget(Decode(path[1..]), "", query)
            : new ObjectTarget(Decode(path[1..slash]), Decode(path[(slash + 1)..]), query);
    }

    private static string Decode(string text)
    {
        var decoded = Uri.UnescapeDataString(text);
        return decoded.Contains('\uFFFD', StringComparison.Ordinal)
            ? throw new ServiceException("InvalidURI", $"Couldn't parse the specified URI: '{text}' is no UTF-8.")
            : decoded;
    }
}
