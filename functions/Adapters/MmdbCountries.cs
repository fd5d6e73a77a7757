using System.Globalization;
using System.Net;
using System.Text;
using MaxMind.Db;
using Pipeline.Core;
using Pipeline.Functions.Enrich;

namespace Pipeline.Functions.Adapters;

/// <summary>Countries from an MMDB file, with a bounded memory of recent answers.</summary>
/// <remarks>
/// The database is mapped into memory. Without a file no address has a country, and the start says so once.
/// </remarks>
public sealed class MmdbCountries : ICountries
{
    /// <summary>32 KB: a large array would cost each new instance more than it saves.</summary>
    private const int RecentMax = 1024;

    private readonly Reader? _reader;
    private readonly (UInt128 Address, byte[]? Country)[] _recent = new (UInt128, byte[]?)[RecentMax];
    private readonly Dictionary<string, byte[]> _countries = new(StringComparer.Ordinal);

    private MmdbCountries(Reader? reader) => _reader = reader;

    /// <summary>Opens the database that <c>GEO_DATABASE</c> names, relative to the function's root.</summary>
    /// <exception cref="ConfigurationException">The file is there but is no MMDB.</exception>
    public static MmdbCountries Open(Settings settings, IOutputPort output)
    {
        if (settings.OptionalText("GEO_DATABASE") is not { } name)
        {
            Log.Write(output, "No country database is configured (GEO_DATABASE): events go on without countries.");
            return new MmdbCountries(null);
        }
        var path = Path.Combine(settings.Text("LAMBDA_TASK_ROOT"), name);
        if (!File.Exists(path))
        {
            Log.Write(output, $"The country database {name} is not there: events go on without countries.");
            return new MmdbCountries(null);
        }
        try
        {
            var reader = new Reader(path, FileAccessMode.MemoryMapped);
            var built = reader.Metadata.BuildDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var kind = reader.Metadata.DatabaseType;
            Log.Write(output, $"Countries come from {Path.GetFileName(name)} ({kind}), built {built}.");
            return new MmdbCountries(reader);
        }
        catch (InvalidDatabaseException error)
        {
            throw new ConfigurationException(
                $"The setting GEO_DATABASE names {name}, which is no MMDB file: {error.Message}", error);
        }
    }

    public bool TryFind(ReadOnlySpan<byte> address, out ReadOnlyMemory<byte> country)
    {
        country = default;
        if (_reader is null || !PublicAddress.TryParse(address, out var parsed))
        {
            return false;
        }
        ref var recent = ref _recent[(int)((ulong)parsed.GetHashCode() % RecentMax)];
        if (recent.Country is null || recent.Address != parsed)
        {
            recent = (parsed, Look(PublicAddress.ToIPAddress(parsed)));
        }
        country = recent.Country;
        return country.Length > 0;
    }

    private byte[] Look(IPAddress address)
    {
        var found = _reader!.Find<Dictionary<string, object>>(address);
        if (found is null || !found.TryGetValue("country_code", out var code) || code is not string { Length: 2 } text)
        {
            return [];
        }
        if (!_countries.TryGetValue(text, out var bytes))
        {
            bytes = Encoding.ASCII.GetBytes(text);
            _countries.Add(text, bytes);
        }
        return bytes;
    }
}
