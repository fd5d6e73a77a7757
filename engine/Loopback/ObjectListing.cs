using System.Globalization;
using System.Text;
using System.Xml;
using Pipeline.Engine.Storage;
using Pipeline.Engine.Streams;

namespace Pipeline.Engine.Loopback;

/// <summary>A page of a listing.</summary>
/// <param name="Prefixes">What several keys share up to the delimiter, instead of the keys.</param>
/// <param name="Next">What the next page comes after; null when this is the last.</param>
internal sealed record ListedObjects(
    IReadOnlyList<(string Key, int Size, string ETag)> Objects, IReadOnlyList<string> Prefixes, string? Next);

/// <summary>ListObjectsV2: what is asked for.</summary>
/// <remarks>Keys come in the order of their UTF-8. Source: ListObjectsV2.</remarks>
internal sealed class ObjectListing
{
    private const int CountMax = 1000;

    private readonly string _prefix;
    private readonly string _delimiter;
    private readonly string _after;
    private readonly string? _token;
    private readonly int _most;
    private readonly bool _encodes;

    private ObjectListing(IReadOnlyDictionary<string, string> query)
    {
        _prefix = query.GetValueOrDefault("prefix", "");
        _delimiter = query.GetValueOrDefault("delimiter", "");
        _token = query.GetValueOrDefault("continuation-token");
        _after = _token is null ? query.GetValueOrDefault("start-after", "") : FromToken(_token);
        _encodes = query.GetValueOrDefault("encoding-type") == "url";
        var most = query.GetValueOrDefault("max-keys");
        _most = most is null ? CountMax
            : int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? Math.Min(count, CountMax)
            : throw Invalid($"max-keys '{most}'; allowed are whole numbers from 0.");
    }

    /// <summary>Reads a request.</summary>
    /// <exception cref="ServiceException">It is no ListObjectsV2, or breaks its rules.</exception>
    public static ObjectListing Read(ObjectTarget target) => target.Query.GetValueOrDefault("list-type") == "2"
        ? new ObjectListing(target.Query)
        : throw new ServiceException("NotImplemented", "Of what a bucket is asked only ListObjectsV2 is here.");

    /// <summary>The page.</summary>
    public ListedObjects Take(DirectoryBucket bucket)
    {
        var objects = new List<(string, int, string)>();
        var prefixes = new List<string>();
        var last = "";
        foreach (var key in bucket.Keys(_prefix).Where(key => Utf8Order.Instance.Compare(key, _after) > 0))
        {
            var end = _delimiter.Length == 0 ? -1 : key.IndexOf(_delimiter, _prefix.Length, StringComparison.Ordinal);
            var shared = end < 0 ? null : key[..(end + _delimiter.Length)];
            // A token may stand for a prefix: whatever it stands for was told.
            var told = prefixes.LastOrDefault() ?? (_token is null ? null : _after);
            if (shared is not null && shared == told)
            {
                continue;
            }
            if (objects.Count + prefixes.Count == _most)
            {
                return new ListedObjects(objects, prefixes, _most == 0 ? null : last);
            }
            last = shared ?? key;
            if (shared is not null)
            {
                prefixes.Add(shared);
            }
            else if (bucket.Get(key) is { } stored)
            {
                objects.Add((key, stored.Body.Length, stored.ETag));
            }
        }
        return new ListedObjects(objects, prefixes, null);
    }

    /// <summary>Writes the answer.</summary>
    public void Write(XmlWriter xml, string bucket, ListedObjects page, DateTimeOffset now)
    {
        xml.WriteStartElement("ListBucketResult", "http://s3.amazonaws.com/doc/2006-03-01/");
        xml.WriteElementString("Name", bucket);
        xml.WriteElementString("Prefix", Text(_prefix));
        WriteOptional(xml, "Delimiter", Text(_delimiter));
        WriteOptional(xml, "StartAfter", _token is null ? Text(_after) : "");
        WriteOptional(xml, "EncodingType", _encodes ? "url" : "");
        WriteOptional(xml, "ContinuationToken", _token ?? "");
        WriteOptional(xml, "NextContinuationToken", page.Next is null ? "" : ToToken(page.Next));
        xml.WriteElementString("MaxKeys", Number(_most));
        xml.WriteElementString("KeyCount", Number(page.Objects.Count + page.Prefixes.Count));
        xml.WriteElementString("IsTruncated", page.Next is null ? "false" : "true");
        foreach (var (key, size, etag) in page.Objects)
        {
            xml.WriteStartElement("Contents");
            xml.WriteElementString("Key", Text(key));
            xml.WriteElementString(
                "LastModified", now.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            xml.WriteElementString("ETag", etag);
            xml.WriteElementString("Size", Number(size));
            xml.WriteElementString("StorageClass", "STANDARD");
            xml.WriteEndElement();
        }
        foreach (var prefix in page.Prefixes)
        {
            xml.WriteStartElement("CommonPrefixes");
            xml.WriteElementString("Prefix", Text(prefix));
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private string Text(string text) => _encodes ? Uri.EscapeDataString(text) : text;

    private static void WriteOptional(XmlWriter xml, string name, string value)
    {
        if (value.Length > 0)
        {
            xml.WriteElementString(name, value);
        }
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string ToToken(string key) => Convert.ToBase64String(Encoding.UTF8.GetBytes(key));

    private static string FromToken(string token)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(token));
        }
        catch (FormatException)
        {
            throw Invalid("The continuation token provided is incorrect");
        }
    }

    private static ServiceException Invalid(string why) => new("InvalidArgument", why);
}
