using System.Text;
using Pipeline.Core;
using Pipeline.Functions;
using Pipeline.Functions.Adapters;
using Xunit;

namespace Pipeline.Tests.Functions;

public sealed class MmdbCountriesTests : IDisposable
{
    private const string Database = "geo/iptoasn-country.mmdb";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("countries");
    private readonly FakeOutput _output = new([]);

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("8.8.8.8", "US")]
    [InlineData("193.0.6.139", "NL")]
    [InlineData("200.160.2.3", "BR")]
    [InlineData("::ffff:8.8.8.8", "US")]
    [InlineData("2001:67c:2e8:22::c100:68b", "NL")]
    [InlineData("2001:12ff:0:2::3", "BR")]
    [InlineData("10.1.2.3", null)]
    [InlineData("192.0.2.1", null)]
    [InlineData("2001:db8::1", null)]
    [InlineData("fe80::1", null)]
    [InlineData("8.8.8", null)]
    [InlineData("not an address", null)]
    public void A_public_address_has_its_country_and_no_other_has_one(string address, string? country)
    {
        var countries = OpenFetched();

        // The second answer comes from memory.
        Assert.Equal(country, Find(countries, address));
        Assert.Equal(country, Find(countries, address));
        Assert.StartsWith("{\"message\":\"Countries come from ", Assert.Single(_output.Lines),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_that_share_a_place_in_memory_keep_their_own_countries()
    {
        var countries = OpenFetched();
        var addresses = Enumerable.Range(0, 20_000).Select(i => $"{(i % 200) + 1}.{i / 200 % 256}.7.7").ToList();

        var first = addresses.ConvertAll(address => Find(countries, address));

        Assert.Equal(first, addresses.ConvertAll(address => Find(countries, address)));
        var other = OpenFetched();
        addresses.Reverse();
        first.Reverse();
        Assert.Equal(first, addresses.ConvertAll(address => Find(other, address)));
        Assert.True(first.Distinct().Count() > 20);
    }

    [Fact]
    public void Without_a_setting_events_go_on_without_countries_and_the_start_says_so()
    {
        var countries = Open(null);

        Assert.Null(Find(countries, "8.8.8.8"));
        Assert.Equal(
            """{"message":"No country database is configured (GEO_DATABASE): events go on without countries."}""",
            Assert.Single(_output.Lines));
    }

    [Fact]
    public void Without_the_file_events_go_on_without_countries_and_the_start_says_so()
    {
        var countries = Open("geo/none.mmdb");

        Assert.Null(Find(countries, "8.8.8.8"));
        Assert.Equal(
            """{"message":"The country database geo/none.mmdb is not there: events go on without countries."}""",
            Assert.Single(_output.Lines));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?")]
    [InlineData("This is no database, but long enough to be searched at its end, where an MMDB has its metadata.")]
    public void A_file_that_is_no_database_stops_the_start(string text)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "wrong.mmdb"), text);

        var error = Assert.Throws<ConfigurationException>(() => Open("wrong.mmdb"));

        Assert.StartsWith("The setting GEO_DATABASE names wrong.mmdb, which is no MMDB file: ", error.Message,
            StringComparison.Ordinal);
        Assert.Empty(_output.Lines);
    }

    private static string? Find(MmdbCountries countries, string address) =>
        countries.TryFind(Encoding.UTF8.GetBytes($"\"{address}\""), out var country)
            ? Encoding.ASCII.GetString(country.Span)
            : null;

    private MmdbCountries Open(string? database)
    {
        var environment = new Dictionary<string, string> { ["LAMBDA_TASK_ROOT"] = _folder.FullName };
        if (database is not null)
        {
            environment["GEO_DATABASE"] = database;
        }
        return MmdbCountries.Open(new Settings("Enrich", environment), _output);
    }

    /// <summary>The database that the build fetched, or the end of the test where there is none.</summary>
    private MmdbCountries OpenFetched()
    {
        var path = Path.Combine(AppContext.BaseDirectory, Database);
        if (!File.Exists(path))
        {
            Tools.Lack($"The country database was not fetched: there is no {Database} beside the tests.");
        }
        return Open(path);
    }
}
