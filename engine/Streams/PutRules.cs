using System.Globalization;
using System.Text;
using Pipeline.Core;

namespace Pipeline.Engine.Streams;

/// <summary>What a request to put records must keep as a whole; nothing of one that does not is taken.</summary>
/// <param name="recordBytesMax">Largest data blob plus partition key of a record of the stream, in bytes.</param>
internal sealed class PutRules(string stream, int recordBytesMax)
{
    private readonly Dictionary<string, UInt128> _hashKeys = new(StringComparer.Ordinal);

    /// <summary>Checks a request.</summary>
    /// <exception cref="ServiceException">It breaks a limit of the API.</exception>
    public void Check(IReadOnlyList<PutEntry> entries)
    {
        if (entries.Count is 0 or > Limits.PutRecordsCountMax)
        {
            throw Invalid($"{entries.Count} records; allowed are 1 to {Limits.PutRecordsCountMax}.");
        }
        long total = 0;
        foreach (var entry in entries)
        {
            total += CheckRecord(entry);
        }
        if (total > Limits.PutRecordsBytesMax)
        {
            throw Invalid($"a request of {total} bytes; allowed are {Limits.PutRecordsBytesMax}.");
        }
    }

    /// <summary>Checks one record and answers its size: data and key, in bytes.</summary>
    /// <exception cref="ServiceException">It breaks a limit of the API.</exception>
    public int CheckRecord(in PutEntry entry)
    {
        if (CharactersOf(entry.PartitionKey) is var characters and (0 or > Limits.PartitionKeyCharactersMax))
        {
            throw Invalid(
                $"a partition key of {characters} characters; allowed are 1 to {Limits.PartitionKeyCharactersMax}.");
        }
        if (entry.ExplicitHashKey is not null)
        {
            HashKeyOf(entry);
        }
        var size = Encoding.UTF8.GetByteCount(entry.PartitionKey) + entry.Data.Length;
        return size <= recordBytesMax
            ? size
            : throw Invalid($"a record of {size} bytes with its key; allowed are {recordBytesMax}.");
    }

    /// <summary>What chooses the shard of a record.</summary>
    /// <exception cref="ServiceException">Its explicit hash key is none.</exception>
    public UInt128 HashKeyOf(in PutEntry entry)
    {
        if (entry.ExplicitHashKey is not { } text)
        {
            return HashKey.Of(entry.PartitionKey);
        }
        if (!_hashKeys.TryGetValue(text, out var hashKey))
        {
            if (!HashKey.TryParse(text, out hashKey))
            {
                throw Invalid($"ExplicitHashKey '{text}' is no number from 0 to 2^128-1.");
            }
            if (_hashKeys.Count < Limits.SlotsMax)
            {
                _hashKeys.Add(text, hashKey);
            }
        }
        return hashKey;
    }

    /// <summary>Unicode characters: a surrogate pair is one.</summary>
    private static int CharactersOf(string key) =>
        key.Length <= Limits.PartitionKeyCharactersMax ? key.Length : key.EnumerateRunes().Count();

    private ServiceException Invalid(FormattableString what) => new(
        ServiceException.InvalidArgument, $"a put to {stream}: {what.ToString(CultureInfo.InvariantCulture)}");
}
