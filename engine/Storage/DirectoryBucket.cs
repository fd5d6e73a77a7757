using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pipeline.Core;

namespace Pipeline.Engine.Storage;

/// <summary>The data bucket as a directory: an object is a file, its key a path of percent-encoded segments.</summary>
/// <remarks>
/// A write is a new file moved into place, so no one ever sees half an object. ETag: MD5 of the bytes, as S3 has it for
/// a single PUT. Conditions: <c>If-None-Match: *</c> and <c>If-Match</c>, 412 when false; If-Match on a missing key is
/// a fault.
/// </remarks>
public sealed class DirectoryBucket
{
    private static readonly SearchValues<byte> Safe =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.="u8);

    private readonly string _root;
    private readonly string _temporary;

    /// <param name="root">The output directory; it exists.</param>
    /// <param name="files">Where writes under way live.</param>
    public DirectoryBucket(string root, EngineFiles files) => (_root, _temporary) = (root, files.PathOf("writing"));

    /// <summary>Called after each object written, with its key and parts.</summary>
    public event Action<string, IReadOnlyList<ReadOnlyMemory<byte>>>? Written;

    /// <summary>Writes an object of several parts under a condition.</summary>
    public WriteResult Put(string key, IReadOnlyList<ReadOnlyMemory<byte>> parts, WriteCondition condition)
    {
        var path = PathOf(key);
        if (condition.IfNoneMatch && File.Exists(path))
        {
            return new WriteResult(WriteStatus.PreconditionFailed, null);
        }
        if (condition.IfMatch is { } etag)
        {
            if (!File.Exists(path))
            {
                throw new PortFaultException($"NoSuchKey: there is no object '{key}' to replace.");
            }
            if (ETagOf(File.ReadAllBytes(path)) != etag)
            {
                return new WriteResult(WriteStatus.PreconditionFailed, null);
            }
        }
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
#pragma warning disable CA5351 // S3 defines the ETag; nothing is secured by it.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
        using (var file = new FileStream(_temporary, FileMode.Create, FileAccess.Write, FileShare.None, 0))
        {
            foreach (var part in parts)
            {
                file.Write(part.Span);
                hash.AppendData(part.Span);
            }
        }
        File.Move(_temporary, path, overwrite: true);
        Written?.Invoke(key, parts);
        return new WriteResult(WriteStatus.Written, Quote(hash.GetHashAndReset()));
    }

    /// <summary>Moves a file into the bucket as an object, unless it is there already.</summary>
    public void Adopt(string key, string file)
    {
        var path = PathOf(key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(file, path, overwrite: true);
    }

    /// <summary>Reads an object; null when there is none.</summary>
    public StoredObject? Get(string key)
    {
        var path = PathOf(key);
        if (!File.Exists(path))
        {
            return null;
        }
        var body = File.ReadAllBytes(path);
        return new StoredObject(body, ETagOf(body));
    }

    /// <summary>The path of a key: no segment can leave the directory or hide in it.</summary>
    private string PathOf(string key)
    {
        if (key.Length == 0 || Encoding.UTF8.GetByteCount(key) > Limits.ObjectKeyBytesMax)
        {
            throw new PortFaultException(
                $"KeyTooLongError: an object key has 1 to {Limits.ObjectKeyBytesMax} bytes; '{key}' has not.");
        }
        return Path.Combine([_root, .. key.Split('/').Select(Encode)]);
    }

    private static string Encode(string segment)
    {
        var bytes = Encoding.UTF8.GetBytes(segment);
        if (bytes.Length == 0)
        {
            return "%";
        }
        if (bytes.AsSpan().IndexOfAnyExcept(Safe) < 0 && segment.AsSpan().ContainsAnyExcept('.'))
        {
            return segment;
        }
        var dots = !segment.AsSpan().ContainsAnyExcept('.');
        var encoded = new StringBuilder();
        foreach (var b in bytes)
        {
            _ = Safe.Contains(b) && !dots
                ? encoded.Append((char)b)
                : encoded.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }
        return encoded.ToString();
    }

#pragma warning disable CA5351 // S3 defines the ETag; nothing is secured by it.
    private static string ETagOf(ReadOnlySpan<byte> body) => Quote(MD5.HashData(body));
#pragma warning restore CA5351

    private static string Quote(ReadOnlySpan<byte> hash) => $"\"{Convert.ToHexStringLower(hash)}\"";
}
