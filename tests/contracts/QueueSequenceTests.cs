using CsCheck;
using Pipeline.Core;
using Pipeline.Engine.Storage;
using Pipeline.Tests.Engine;
using Xunit;

namespace Pipeline.Tests.Contracts;

/// <summary>The engine's queues and those of fauxqs answer random sequences of requests alike, step by step.</summary>
/// <remarks>
/// Nothing in them depends on time: a received message stays hidden until it is released. Order is not promised, so all
/// that is visible is received at once and compared as a set. How often a dead letter counts as received before its
/// first receive there is not promised either.
/// </remarks>
public sealed class QueueSequenceTests(Fauxqs fauxqs)
{
    private const int ReceiveCountMax = 2;

    private enum Act
    {
        Send,
        SendForbidden,
        Receive,
        Release,
        ReleaseByOldHandle,
        Delete,
    }

    [Fact]
    public async Task Both_answer_alike()
    {
        var other = new FauxqsQueues(await fauxqs.AddressAsync());
        using var folder = new OutputFolder();
        var bucket = new DirectoryBucket(folder.Path, folder.EngineFiles);
        var acts = Gen.Select(Gen.Enum<Act>(), Gen.Int[0, 9]).List[1, 30];
        await acts.SampleAsync(async steps =>
        {
            var ours = await Side.CreateAsync(new EngineQueues(bucket));
            var theirs = await Side.CreateAsync(other);
            for (var i = 0; i < steps.Count; i++)
            {
                var (act, choice) = steps[i];
                Assert.Equal(await theirs.DoAsync(act, choice, i), await ours.DoAsync(act, choice, i));
            }
            Assert.Equal(await theirs.DeadLettersAsync(), await ours.DeadLettersAsync());
        }, iter: 60, threads: 1);
    }

    /// <summary>One implementation, with what its consumer holds.</summary>
    private sealed class Side(IQueueService service, string queue, string dead)
    {
        private readonly SortedDictionary<string, string> _held = new(StringComparer.Ordinal);
        private readonly SortedDictionary<string, string> _old = new(StringComparer.Ordinal);

        public static async Task<Side> CreateAsync(IQueueService service)
        {
            var dead = await service.CreateAsync(new QueueSettings());
            var settings = new QueueSettings(
                Limits.VisibilitySecondsMax, DeadLetters: dead, ReceiveCountMax: ReceiveCountMax);
            return new Side(service, await service.CreateAsync(settings), dead);
        }

        /// <summary>Does one step and answers what can be seen of it, without ids and handles.</summary>
        public async Task<string> DoAsync(Act act, int choice, int step) => act switch
        {
            Act.Send => await SendAsync(step, (choice % 3) + 1, ""),
            Act.SendForbidden => await SendAsync(step, 2, "\u0001"),
            Act.Receive => await ReceiveAsync(),
            Act.Release => await WithAsync(_held, choice, async (body, handle) =>
            {
                _held.Remove(body);
                _old[body] = handle;
                await service.ChangeVisibilityAsync(queue, handle, 0);
            }),
            Act.ReleaseByOldHandle => await WithAsync(
                _old, choice, (_, handle) => service.ChangeVisibilityAsync(queue, handle, 0)),
            Act.Delete => await WithAsync(_held, choice, (body, handle) =>
            {
                _held.Remove(body);
                return service.DeleteAsync(queue, handle);
            }),
            _ => throw new ArgumentOutOfRangeException(nameof(act), act, null),
        };

        public async Task<string> DeadLettersAsync()
        {
            var bodies = new SortedSet<string>(StringComparer.Ordinal);
            await DrainAsync(dead, message => bodies.Add(message.Body));
            return string.Join(' ', bodies);
        }

        private async Task<string> SendAsync(int step, int count, string suffix)
        {
            var entries = Enumerable.Range(0, count).Select(i =>
                new SendEntry($"{i}", $"m{step}.{i}{(i == 0 ? "" : suffix)}"));
            var results = await service.SendAsync(queue, [.. entries]);
            return string.Join(' ', results.OrderBy(result => result.Id, StringComparer.Ordinal).Select(result =>
                result.Accepted ? $"{result.Id} taken" : $"{result.Id} {result.ErrorCode} {result.SenderFault}"));
        }

        private async Task<string> ReceiveAsync()
        {
            var seen = await DrainAsync(queue, message => _held[message.Body] = message.ReceiptHandle);
            return string.Join(' ', seen);
        }

        private async Task<IEnumerable<string>> DrainAsync(string from, Action<DeliveredMessage>? take = null)
        {
            var seen = new SortedSet<string>(StringComparer.Ordinal);
            while (await service.ReceiveAsync(from) is { Count: > 0 } messages)
            {
                foreach (var message in messages)
                {
                    Assert.True(seen.Add($"{message.Body} {message.ReceiveCount}"));
                    take?.Invoke(message);
                }
            }
            return seen;
        }

        private static async Task<string> WithAsync(
            SortedDictionary<string, string> handles, int choice, Func<string, string, Task> act)
        {
            if (handles.Count == 0)
            {
                return "nothing";
            }
            var (body, handle) = handles.ElementAt(choice % handles.Count);
            try
            {
                await act(body, handle);
                return body;
            }
            catch (ServiceErrorException refused)
            {
                return $"{body} {refused.Code}";
            }
        }
    }
}
