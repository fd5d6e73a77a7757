using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pipeline.Core;
using Pipeline.Engine.Streams;

namespace Pipeline.Engine.Storage;

/// <summary>The data bucket as a directory: an object is a file, its key a path of percent-encoded segments.</summary>
/// <remarks>
/// A write is a new file moved into place, so no one ever sees half an object. Files are written behind the engine's
/// back; small objects even wait in memory until others push them out, so one that is replaced often is not a file each
/// time. After <see cref="Flush"/> the files are what was put. ETag: MD5 of the bytes, as S3 has it for a single PUT.
/// Conditions: <c>If-None-Match: *</c> and <c>If-Match</c>, 412 when false; If-Match on a missing key is a fault.
/// </remarks>
public sealed class DirectoryBucket
{
    private static readonly SearchValues<byte> Safe =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.="u8);

    private readonly string _root;
    private readonly string _temporary;
    private readonly WriteBehind _behind;
    private readonly RecentObjects _recent;

    /// <param name="root">The output directory; it exists.</param>
    /// <param name="files">Where writes under way live.</param>
    public DirectoryBucket(string root, EngineFiles files)
    {
        (_root, _temporary, _behind) = (root, files.PathOf("writing"), files.Behind);
        _recent = new RecentObjects((key, body) => WriteFile(PathOf(key), [body]));
    }

    /// <summary>Called for each object that was put or is about to be delivered, with its key and parts.</summary>
    public event Action<string, IReadOnlyList<ReadOnlyMemory<byte>>>? Written;

    /// <summary>Called for each object delivered, after it was written, on the thread that writes.</summary>
    public event Action<string, IReadOnlyList<ReadOnlyMemory<byte>>>? Delivered;

    /// <summary>Writes an object of several parts under a condition.</summary>
    public WriteResult Put(string key, IReadOnlyList<ReadOnlyMemory<byte>> parts, WriteCondition condition)
    {
        var path = PathOf(key);
        if (condition.IfNoneMatch && (_recent.TryFind(key, out _) || FileExists(path)))
        {
            return new WriteResult(WriteStatus.PreconditionFailed, null);
        }
        if (condition.IfMatch is { } expected)
        {
            var current = Get(key)
                ?? throw new ServiceException("NoSuchKey", $"there is no object '{key}' to replace.");
            if (current.ETag != expected)
            {
                return new WriteResult(WriteStatus.PreconditionFailed, null);
            }
        }
        var etag = ETagOf(parts);
        if (parts is [{ Length: <= RecentObjects.ObjectBytesMax } body])
        {
            _recent.Keep(key, new StoredObject(body.ToArray(), etag), isWritten: false);
        }
        else
        {
            _recent.Forget(key);
            // The caller's memory is the caller's again when this returns.
            WriteFile(path, [.. parts.Select(part => (ReadOnlyMemory<byte>)part.ToArray())]);
        }
        Written?.Invoke(key, parts);
        return new WriteResult(WriteStatus.Written, etag);
    }

    /// <summary>Writes an object of whose version nobody asks, as a service does that delivers to the bucket.</summary>
    /// <param name="parts">Its bytes; they must not change until <paramref name="written"/> is called.</param>
    /// <param name="written">Called on another thread when the parts are needed no more.</param>
    public void Deliver(string key, IReadOnlyList<ReadOnlyMemory<byte>> parts, Action written)
    {
        _recent.Forget(key);
        Written?.Invoke(key, parts);
        WriteFile(PathOf(key), parts, () =>
        {
            Delivered?.Invoke(key, parts);
            written();
        });
    }

    /// <summary>Moves a file into the bucket as an object, unless it is there already.</summary>
    public void Adopt(string key, string file)
    {
        var path = PathOf(key);
        _recent.Forget(key);
        _behind.Await(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(file, path, overwrite: true);
    }

    /// <summary>Reads an object; null when there is none.</summary>
    public StoredObject? Get(string key)
    {
        var path = PathOf(key);
        if (_recent.TryFind(key, out var recent))
        {
            return recent;
        }
        if (!FileExists(path))
        {
            return null;
        }
        var body = File.ReadAllBytes(path);
        var stored = new StoredObject(body, ETagOf([body]));
        if (body.Length <= RecentObjects.ObjectBytesMax)
        {
            _recent.Keep(key, stored, isWritten: true);
        }
        return stored;
    }

    /// <summary>The keys of all objects that begin with a prefix, in the order of their UTF-8.</summary>
    public IReadOnlyList<string> Keys(string prefix)
    {
        Flush();
        var own = EngineFiles.FolderOf(_root) + Path.DirectorySeparatorChar;
        var keys = new List<string>();
        foreach (var file in Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories))
        {
            var key = KeyOf(Path.GetRelativePath(_root, file));
            if (key.StartsWith(prefix, StringComparison.Ordinal)
                && !file.StartsWith(own, StringComparison.Ordinal) && !EngineFiles.BesideObjects.Contains(key))
            {
                keys.Add(key);
            }
        }
        keys.Sort(Utf8Order.Instance);
        return keys;
    }

    /// <summary>Writes what is not in the files yet; to be called whenever someone may look at them.</summary>
    public void Flush()
    {
        _recent.Flush();
        _behind.AwaitAll();
    }

    private bool FileExists(string path)
    {
        _behind.Await(path);
        return File.Exists(path);
    }

    private void WriteFile(string path, IReadOnlyList<ReadOnlyMemory<byte>> parts, Action? written = null) =>
        _behind.Ask(path, parts.Sum(part => (long)part.Length), () =>
        {
            WriteNow(path, parts);
            written?.Invoke();
        });

    private void WriteNow(string path, IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using (var file = new FileStream(_temporary, FileMode.Create, FileAccess.Write, FileShare.None, 0))
        {
            foreach (var part in parts)
            {
                file.Write(part.Span);
            }
        }
        File.Move(_temporary, path, overwrite: true);
    }

    /// <summary>The path of a key: no segment can leave the directory or hide in it.</summary>
    private string PathOf(string key)
    {
        if (key.Length == 0 || Encoding.UTF8.GetByteCount(key) > Limits.ObjectKeyBytesMax)
        {
            throw new ServiceException(
                "KeyTooLongError", $"an object key has 1 to {Limits.ObjectKeyBytesMax} bytes; '{key}' has not.");
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

    /// <summary>The key of a path below the root, as <see cref="PathOf"/> made it.</summary>
    private static string KeyOf(string path) => string.Join(
        '/', path.Split(Path.DirectorySeparatorChar).Select(
            segment => segment == "%" ? "" : Uri.UnescapeDataString(segment)));

    private static string ETagOf(IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
#pragma warning disable CA5351 // S3 defines the ETag; nothing is secured by it.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
        foreach (var part in parts)
        {
            hash.AppendData(part.Span);
        }
        return Quote(hash.GetHashAndReset());
    }

    private static string Quote(ReadOnlySpan<byte> hash) => $"\"{Convert.ToHexStringLower(hash)}\"";
}
