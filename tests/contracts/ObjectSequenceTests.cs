using System.Text;
using CsCheck;
using Pipeline.Core;
using Pipeline.Engine.Storage;
using Pipeline.Tests.Engine;
using Xunit;

namespace Pipeline.Tests.Contracts;

/// <summary>
/// The engine's bucket and the port on AWS answer random sequences of reads and conditional writes alike.
/// </summary>
public sealed class ObjectSequenceTests(Fauxqs fauxqs)
{
    private enum Act
    {
        Get,
        Put,
        Create,
        Replace,
        ReplaceOld,
    }

    [Fact]
    public async Task Both_answer_alike()
    {
        var address = await fauxqs.AddressAsync();
        var steps = Gen.Select(Gen.Enum<Act>(), Gen.Bool.Select(flat => flat ? "a" : "b/c"), Gen.Int[0, 3]).List[1, 30];
        await steps.SampleAsync(async acts =>
        {
            using var folder = new OutputFolder();
            var ours = new Side(new EngineObjects(new DirectoryBucket(folder.Path, folder.EngineFiles)));
            var theirs = new Side(await S3BucketContractTests.CreateAsync(address));
            foreach (var (act, key, content) in acts)
            {
                Assert.Equal(await theirs.DoAsync(act, key, content), await ours.DoAsync(act, key, content));
            }
        }, iter: 60, threads: 1);
    }

    /// <summary>One implementation, with the versions a client has seen.</summary>
    private sealed class Side(IBucketPort bucket)
    {
        private readonly Dictionary<string, List<string>> _versions = new(StringComparer.Ordinal);

        /// <summary>Does one step and answers all that can be seen of it.</summary>
        public async Task<string> DoAsync(Act act, string key, int content)
        {
            if (act == Act.Get)
            {
                var stored = await bucket.GetAsync(key, CancellationToken.None);
                return stored is null ? "none" : $"{Encoding.UTF8.GetString(stored.Body.Span)} {stored.ETag}";
            }
            var seen = _versions.GetValueOrDefault(key, ["\"0\""]);
            var condition = act switch
            {
                Act.Create => WriteCondition.CreateOnly,
                Act.Replace => WriteCondition.Replace(seen[^1]),
                Act.ReplaceOld => WriteCondition.Replace(seen[0]),
                _ => WriteCondition.Always,
            };
            try
            {
                var result = await bucket.PutAsync(
                    key, Encoding.UTF8.GetBytes($"content {content}"), condition, CancellationToken.None);
                if (result.ETag is { } etag)
                {
                    _versions[key] = [.. seen, etag];
                }
                return $"{result}";
            }
            catch (PortFaultException fault)
            {
                return fault.Message[..fault.Message.IndexOf(':', StringComparison.Ordinal)];
            }
        }
    }
}
