using System.Security.Cryptography;
using System.Text;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Contracts;

/// <summary>What S3 promises of objects, at the level of the bucket port; every implementation is held to it.</summary>
public abstract class ObjectStoreContract
{
    private static readonly CancellationToken s_never = CancellationToken.None;

    public static TheoryData<string> Keys =>
    [
        "plain", "a/b/c.json", "date=2026-03-01/x_1.ndjson", "with space", "plus+sign", "per%cent", "per%2Fcent",
        "é/ü", "a&b=c;d", "quote'\"(x)", "~tilde*", "q?mark#hash",
    ];

    /// <summary>Where the implementation does not do what AWS documents.</summary>
    protected virtual IReadOnlyCollection<Deviation> Listed => [];

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    public async Task What_was_put_is_got_with_its_ETag(string text)
    {
        var store = await StoreAsync();
        var body = Encoding.UTF8.GetBytes(text);
        var written = await store.PutAsync("key", body, WriteCondition.Always, s_never);
        var stored = await store.GetAsync("key", s_never);
        Assert.Equal(text, Encoding.UTF8.GetString(stored!.Body.Span));
#pragma warning disable CA5351 // S3 defines the ETag of a single PUT.
        Assert.Equal($"\"{Convert.ToHexStringLower(MD5.HashData(body))}\"", stored.ETag);
#pragma warning restore CA5351
        Assert.Equal(new WriteResult(WriteStatus.Written, stored.ETag), written);
    }

    [Fact]
    public async Task A_large_object_of_any_bytes_comes_back_as_it_was()
    {
        var store = await StoreAsync();
        var body = new byte[5_000_000];
        new Random(1).NextBytes(body);
        await store.PutAsync("large", body.AsMemory(1), WriteCondition.Always, s_never);
        Assert.True((await store.GetAsync("large", s_never))!.Body.Span.SequenceEqual(body.AsSpan(1)));
    }

    [Fact]
    public async Task An_object_that_is_not_there_is_null()
    {
        var store = await StoreAsync();
        Assert.Null(await store.GetAsync("missing", s_never));
        await PutAsync(store, "there", WriteCondition.Always, "there/or");
        Assert.Null(await store.GetAsync("there", s_never));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_key_is_kept_as_it_is(string key)
    {
        var store = await StoreAsync();
        await PutAsync(store, key, WriteCondition.Always, key);
        await PutAsync(store, "other", WriteCondition.Always, Uri.EscapeDataString(key) + "?");
        Assert.Equal(key, await TextAsync(store, key));
    }

    [Fact]
    public async Task A_key_has_1024_bytes_at_most()
    {
        var store = await StoreAsync();
        var longest = string.Join('/', Enumerable.Repeat(new string('k', 40), 25))[..1024];
        Assert.Equal(WriteStatus.Written, (await PutAsync(store, "x", WriteCondition.Always, longest)).Status);
        Assert.Equal("x", await TextAsync(store, longest));
        await Deviations.LongKeys.CheckAsync(Listed, () => FaultAsync(
            "KeyTooLongError", () => PutAsync(store, "x", WriteCondition.Always, longest + "k")));
    }

    [Fact]
    public async Task A_write_without_a_condition_replaces_what_was_there()
    {
        var store = await StoreAsync();
        await PutAsync(store, "first", WriteCondition.Always);
        await PutAsync(store, "second", WriteCondition.Always);
        Assert.Equal("second", await TextAsync(store));
    }

    [Fact]
    public async Task A_create_only_write_of_an_existing_key_is_refused_and_changes_nothing()
    {
        var store = await StoreAsync();
        Assert.Equal(WriteStatus.Written, (await PutAsync(store, "first", WriteCondition.CreateOnly)).Status);
        await Deviations.UnconditionalWrites.CheckAsync(Listed, async () =>
        {
            Assert.Equal(Refused, await PutAsync(store, "second", WriteCondition.CreateOnly));
            Assert.Equal("first", await TextAsync(store));
        });
    }

    [Fact]
    public async Task A_replacement_needs_the_current_ETag()
    {
        var store = await StoreAsync();
        var first = (await PutAsync(store, "first", WriteCondition.Always)).ETag!;
        var second = (await PutAsync(store, "second", WriteCondition.Replace(first))).ETag!;
        Assert.NotEqual(first, second);
        await Deviations.UnconditionalWrites.CheckAsync(Listed, async () =>
        {
            Assert.Equal(Refused, await PutAsync(store, "third", WriteCondition.Replace(first)));
            Assert.Equal("second", await TextAsync(store));
        });
        var current = (await store.GetAsync("key", s_never))!.ETag;
        Assert.Equal(WriteStatus.Written, (await PutAsync(store, "third", WriteCondition.Replace(current))).Status);
        Assert.Equal("third", await TextAsync(store));
    }

    [Fact]
    public async Task A_replacement_of_a_missing_key_is_a_fault()
    {
        var store = await StoreAsync();
        await Deviations.UnconditionalWrites.CheckAsync(Listed, async () =>
        {
            await FaultAsync("NoSuchKey", () => PutAsync(store, "x", WriteCondition.Replace("\"0\"")));
            Assert.Null(await store.GetAsync("key", s_never));
        });
    }

    [Fact]
    public async Task Of_writers_who_all_create_one_wins()
    {
        var store = await StoreAsync();
        await Deviations.UnconditionalWrites.CheckAsync(Listed, async () =>
        {
            var results = await Task.WhenAll(
                Enumerable.Range(0, 8).Select(i => PutAsync(store, $"{i}", WriteCondition.CreateOnly)));
            var winner = Assert.Single(results.Index(), item => item.Item.Status == WriteStatus.Written).Index;
            Assert.Equal($"{winner}", await TextAsync(store));
        });
    }

    /// <summary>An empty store.</summary>
    protected abstract Task<IBucketPort> StoreAsync();

    private static WriteResult Refused => new(WriteStatus.PreconditionFailed, null);

    private static async Task<WriteResult> PutAsync(
        IBucketPort store, string text, WriteCondition condition, string key = "key") =>
        await store.PutAsync(key, Encoding.UTF8.GetBytes(text), condition, s_never);

    private static async Task<string> TextAsync(IBucketPort store, string key = "key") =>
        Encoding.UTF8.GetString((await store.GetAsync(key, s_never))!.Body.Span);

    private static async Task FaultAsync(string code, Func<Task> call) => Assert.StartsWith(
        code + ":", (await Assert.ThrowsAnyAsync<PortFaultException>(call)).Message, StringComparison.Ordinal);
}
